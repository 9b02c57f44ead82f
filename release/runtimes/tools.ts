/** pinned versions -> the runtimes and bundlers of this folder, installed from npm in a folder of their own */
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runManager, scratchFolder } from "../consumers/app.ts";
import { execute } from "../consumers/execute.ts";

/** Heavy, and needed here alone: not among the workspace's dependencies. miniflare's is the last for Node 20, and brings workerd. */
export const versions = {
  bun: "1.4.5",
  deno: "2.9.6",
  esbuild: "0.28.2",
  miniflare: "4.20260426.0",
  "playwright-core": "1.65.1",
  vite: "7.1.12",
  webpack: "5.102.1",
} as const;

/** The newest of each line that our packages promise. */
export const nodeVersions = ["20.20.2", "22.23.3", "24.21.0"];

export interface Tools {
  /** The file of a command. */
  command(name: "bun" | "deno"): string;
  /** A package's exports, in the shape that the caller describes. */
  load<Exports>(name: "esbuild" | "miniflare" | "playwright-core" | "vite" | "webpack"): Exports;
}

export async function installTools(): Promise<Tools> {
  const folder = await scratchFolder();
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: versions }));
  await runManager("npm", folder);
  const require = createRequire(join(folder, "package.json"));
  return {
    command: (name) => join(folder, "node_modules/.bin", name),
    load: <Exports>(name: string) => require(name) as Exports,
  };
}

/** @returns the file of that Node, from npm's cache or registry */
export async function findNode(version: string): Promise<string> {
  if (process.versions.node === version) return process.execPath;
  const args = ["-y", "--prefer-offline", "-p", `node@${version}`, "-c", "node -p process.execPath"];
  const { stdout } = await execute("npx", args, { cwd: await scratchFolder() });
  return stdout.trim();
}
