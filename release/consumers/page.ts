/** a Markdown page -> its first program, in a project that has what it imports: compiled and run as it stands */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readCode } from "../../test/pages/run-code.ts";
import { install } from "./app.ts";
import { execute } from "./execute.ts";
import { pageImports } from "./hosts.ts";
import { root, type Tarballs } from "./pack.ts";

/** @returns the first TypeScript block of a page, or what is missing */
export async function readFirstProgram(page: string): Promise<{ code: string } | { missing: string }> {
  const path = join(root, page);
  if (!existsSync(path)) return { missing: "no such page" };
  const [code] = await readCode(pathToFileURL(path));
  return code === undefined ? { missing: "no ts block" } : { code };
}

export async function runFirstProgram(code: string, tarballs: Tarballs, baseURL: string): Promise<void> {
  const names = importedPackages(code);
  const others = names.filter((name) => !(name in tarballs));
  const versions = Object.fromEntries(others.map((name) => [name, pageImports[name] ?? unpinned(name)]));
  // Our packages need each other, and are not in the registry.
  const needed = ["@together-retrieval/core", "@together-retrieval/tokenizers"];
  const ours = new Set([...names.filter((name) => name in tarballs), ...needed]);
  const { folder } = await install("npm", tarballs, [...ours], versions);
  await writeFile(join(folder, "page.mts"), code);
  // Pages that index a folder have their reader's in mind.
  await mkdir(join(folder, "docs"));
  await writeFile(
    join(folder, "docs", "limits.md"),
    "Rate limits are kept by waiting as long as the server says.",
  );
  const compilerOptions = {
    ...{ strict: true, skipLibCheck: true, types: [], lib: ["ES2022", "DOM", "DOM.Iterable"] },
    ...{ target: "ES2022", module: "nodenext", moduleResolution: "nodenext" },
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["page.mts"] }));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  await execute(process.execPath, [compiler, "-p", "."], { cwd: folder });
  const env = { TOGETHER_BASE_URL: baseURL, TOGETHER_API_KEY: "local" };
  await execute(process.execPath, ["page.mjs"], { cwd: folder, env });
}

function importedPackages(code: string): string[] {
  const specifiers = [...code.matchAll(/\bfrom "([^".][^"]*)"/g)].map(([, specifier]) => specifier ?? "");
  const nameOf = (specifier: string) =>
    specifier
      .split("/")
      .slice(0, specifier.startsWith("@") ? 2 : 1)
      .join("/");
  return [...new Set(specifiers.map(nameOf))];
}

function unpinned(name: string): never {
  throw new Error(`The page imports ${name}: add the version to try it with to hosts.ts`);
}
