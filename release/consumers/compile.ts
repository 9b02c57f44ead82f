/** an app and a file of `types/` -> compiled by one version of TypeScript under one way to resolve modules, or its errors */
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type App, runManager, scratchFolder } from "./app.ts";
import { execute } from "./execute.ts";
import type { Host } from "./hosts.ts";

/** `moduleResolution` -> the `module` that goes with it. */
export const resolutions = { node16: "node16", nodenext: "nodenext", bundler: "esnext" } as const;
export type Resolution = keyof typeof resolutions;

/** Installs the compilers, beside no one's packages. @returns version -> the file that Node runs */
export async function installCompilers(versions: string[]): Promise<Record<string, string>> {
  const folder = await scratchFolder();
  const alias = (version: string) => `typescript-${version}`;
  const dependencies = Object.fromEntries(
    versions.map((version) => [alias(version), `npm:typescript@${version}`]),
  );
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  await runManager("npm", folder);
  return Object.fromEntries(
    versions.map((version) => [version, join(folder, "node_modules", alias(version), "bin/tsc")]),
  );
}

/**
 * As an ES module, and where Node decides what a file is, as CommonJS too; with all declarations checked.
 * @returns what the table shows: how many errors there were in the declarations of others, where that is known
 */
export async function compile(
  { folder }: App,
  [version, compiler]: [version: string, file: string],
  { types, hostFails = [] }: Host,
  resolution: Resolution,
): Promise<string> {
  const source = fileURLToPath(new URL(`./types/${types}.ts`, import.meta.url));
  const files = resolution === "bundler" ? ["use.mts"] : ["use.mts", "use.cts"];
  for (const file of files) await copyFile(source, join(folder, file));
  const compilerOptions = {
    ...{ strict: true, skipLibCheck: false, noEmit: true, pretty: false },
    ...{ target: "ES2022", lib: ["ESNext", "DOM", "DOM.Iterable"], types: [] },
    ...{ module: resolutions[resolution], moduleResolution: resolution },
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  try {
    await execute(process.execPath, [compiler, "-p", "."], { cwd: folder });
    return "ran";
  } catch (error) {
    const errors = String(error).match(/^.*\berror TS\d+.*$/gm) ?? [];
    if (errors.length === 0 || !hostFails.includes(version) || !errors.every(isOthers)) throw error;
    return `ran (${errors.length})`;
  }
}

function isOthers(error: string): boolean {
  return error.startsWith("node_modules/") && !error.startsWith("node_modules/@together-retrieval/");
}
