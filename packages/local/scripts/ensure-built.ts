/** Before the tests: the model folder and the inference thread's file stand in `dist/`, made now if they are missing or old. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildModel, modelFolder } from "./build-model.ts";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const workerFile = join(packageFolder, "dist", "worker.js");

/** Writes to a scratch folder and renames, so that runs at the same time do not disturb each other. */
export default async function ensureBuilt(): Promise<void> {
  if (!existsSync(join(modelFolder, "model.onnx"))) await buildModel();
  const sources = ["src", "package.json", "tsup.config.ts"].map((name) => join(packageFolder, name));
  if (!isOlder(workerFile, sources)) return;
  const { build } = await import("tsup");
  const { worker } = await import("../tsup.config.ts");
  const scratch = await mkdtemp(join(packageFolder, "dist", "worker-"));
  try {
    await build({
      ...worker,
      config: false,
      silent: true,
      outDir: scratch,
      tsconfig: join(packageFolder, "../../tsconfig.json"),
      entry: [join(packageFolder, "src", "worker.ts")],
    });
    await rename(join(scratch, "worker.js"), workerFile);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Whether the file is missing, or older than any of the sources. */
function isOlder(file: string, sources: string[]): boolean {
  if (!existsSync(file)) return true;
  const built = statSync(file).mtimeMs;
  const files = sources.flatMap((source) =>
    statSync(source).isDirectory() ? readdirSync(source).map((name) => join(source, name)) : [source],
  );
  return files.some((source) => statSync(source).mtimeMs > built);
}
