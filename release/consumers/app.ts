/** our tarballs and a host's packages -> a project outside of the repository that has them installed, and runs programs */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { execute } from "./execute.ts";
import { pnpm, type Tarballs } from "./pack.ts";

export type Manager = "npm" | "pnpm";
export type Format = "ESM" | "CJS";

const programs = fileURLToPath(new URL("./programs/", import.meta.url));
const folders: string[] = [];

export interface App {
  folder: string;
}

export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "together-retrieval-"));
  folders.push(folder);
  return folder;
}

export async function removeScratchFolders(): Promise<void> {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
}

/** `ours` are names of tarballs, those that they need of each other included; `others` exact versions. */
export async function install(
  manager: Manager,
  tarballs: Tarballs,
  ours: string[],
  others: Record<string, string>,
): Promise<App> {
  const folder = await scratchFolder();
  const fromTarball = Object.fromEntries(
    Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]),
  );
  const wanted = Object.fromEntries(ours.map((name) => [name, fromTarball[name] ?? unknown(name)]));
  const write = (name: string, content: object) => writeFile(join(folder, name), JSON.stringify(content));
  await write("package.json", { name: "app", private: true, dependencies: { ...wanted, ...others } });
  // Unlike npm, pnpm asks the registry even for what the app lists. JSON is YAML.
  const settings = { packages: ["."], overrides: fromTarball, strictDepBuilds: false };
  if (manager === "pnpm") await write("pnpm-workspace.yaml", settings);
  await runManager(manager, folder);
  await addPrograms(folder);
  return { folder };
}

/** Installs what the folder's package.json lists. */
export async function runManager(manager: Manager, folder: string): Promise<void> {
  // Else onnxruntime-node's install script fetches GPU libraries from outside of the registry.
  const options = { cwd: folder, env: { ONNXRUNTIME_NODE_INSTALL: "skip" } };
  const npmFlags = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  if (manager === "npm") await execute("npm", ["install", ...npmFlags], options);
  else await execute(process.execPath, [pnpm, "install", "--prefer-offline"], options);
}

function unknown(name: string): never {
  throw new Error(`Expected ${name} to be a package of this repository that is not private`);
}

/** Every program as it stands, and as TypeScript would make CommonJS of it. */
async function addPrograms(folder: string): Promise<void> {
  await cp(programs, folder, { recursive: true });
  const modules = (await readdir(programs)).filter((name) => name.endsWith(".mjs") && name !== "main.mjs");
  for (const name of modules) {
    const source = (await readFile(join(programs, name), "utf8")).replaceAll('.mjs"', '.cjs"');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    await writeFile(join(folder, name.replace(".mjs", ".cjs")), outputText);
  }
}

/** Runs a program in Node. It must end by itself and say nothing: hosts warn on stderr when they are loaded twice. */
export async function runProgram(
  { folder }: App,
  program: string,
  format: Format,
  baseURL: string,
  node = process.execPath,
): Promise<void> {
  const extension = format === "ESM" ? "mjs" : "cjs";
  const args = [`main.${extension}`, `./${program}.${extension}`, baseURL];
  const { stdout, stderr } = await execute(node, args, { cwd: folder });
  if (stdout + stderr !== "") throw new Error(`Expected no output, got:\n${stdout}${stderr}`);
}
