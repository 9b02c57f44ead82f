/** Before the tests: the model and the built files stand in `dist/`, made now if they are missing or older than their sources. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildModel } from "./build-model.ts";
import { isOlder } from "./is-older.ts";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const dist = join(packageFolder, "dist");

/** Node 20 runs no TypeScript in a worker thread, so even tests of the source need the built thread. */
export default async function ensureBuilt(): Promise<void> {
  await buildModel();
  const sources = ["src", "package.json", "tsup.config.ts"].map((name) => join(packageFolder, name));
  if (await isOlder(join(dist, "worker.js"), sources)) await buildCode();
}

/** Builds into a scratch folder and renames, so that runs at the same time never see half a file. */
async function buildCode(): Promise<void> {
  await mkdir(dist, { recursive: true });
  const scratch = await mkdtemp(join(dist, "scratch-"));
  try {
    const tsup = createRequire(import.meta.url).resolve("tsup/dist/cli-default.js");
    const flags = ["--no-dts", "--silent", "--out-dir", scratch];
    await promisify(execFile)(process.execPath, [tsup, ...flags], { cwd: packageFolder });
    for (const file of await readdir(scratch)) await rename(join(scratch, file), join(dist, file));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

// As a program: `tsx packages/local/scripts/ensure-built.ts`.
if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureBuilt();
