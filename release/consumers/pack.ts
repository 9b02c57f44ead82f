/** packages/* -> built, packed as they would be published: package name -> tarball */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "./execute.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));
/** What Node runs to call pnpm, in the version that the repository pins. */
export const pnpm = join(root, "pnpm.js");

export type Tarballs = Readonly<Record<string, string>>;

export interface Manifest {
  name: string;
  version: string;
  license: string;
  private?: boolean;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  repository?: { url?: string };
  /** Subpath -> a file, or the conditions under which which file is found. */
  exports: Record<string, string | { import?: { types?: string } }>;
}

/** Folder name -> package.json, of every package that is not private. */
export async function readPackages(): Promise<Record<string, Manifest>> {
  const read = async (folder: string): Promise<[string, Manifest]> => [
    folder,
    JSON.parse(await readFile(join(root, "packages", folder, "package.json"), "utf8")),
  ];
  const all = await Promise.all((await readdir(join(root, "packages"))).map(read));
  return Object.fromEntries(all.filter(([, manifest]) => !manifest.private));
}

export async function build(): Promise<void> {
  await execute(process.execPath, [pnpm, "exec", "turbo", "run", "build"], { cwd: root });
}

export async function pack(destination: string): Promise<Tarballs> {
  await build();
  const tarballs: Record<string, string> = {};
  for (const [folder, manifest] of Object.entries(await readPackages())) {
    refuseUnchecked(manifest);
    const args = [pnpm, "pack", "--json", "--pack-destination", destination];
    const { stdout } = await execute(process.execPath, args, { cwd: join(root, "packages", folder) });
    tarballs[manifest.name] = JSON.parse(stdout).filename;
  }
  return tarballs;
}

/** `npm test` runs the `check` script of each package that has one. */
function refuseUnchecked({ name, scripts }: Manifest): void {
  const check = scripts?.check ?? "";
  if (check.includes("publint --strict") && check.includes("attw --pack")) return;
  throw new Error(
    `Expected the \`check\` script of ${name} to run publint --strict and attw, got "${check}"`,
  );
}
