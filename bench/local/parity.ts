/**
 * Whether the server gives what a plain run of the tokenizer and the ONNX file gives: tokens by `usage`, vectors by their cosines.
 * `tsx bench/local/parity.ts FILE [texts=300]`; the file's paragraphs are the texts, and some odd ones are added.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ensureBuilt from "../../packages/local/scripts/ensure-built.ts";
import { Reference } from "../../packages/local/scripts/reference.ts";
import { startLocalServer } from "../../packages/local/src/index.ts";

const [, , file, limit = "300"] = process.argv;
if (!file) throw new Error("Expected a file of texts as the first argument");
const odd = [
  "",
  " ",
  "naïve café — ÜBERRASCHUNG! 東京タワー 🙂 don't_split",
  "\u0000\ud800",
  "x".repeat(3000),
  "[CLS] [SEP]",
];
const paragraphs = readFileSync(file, "utf8").split(/\r?\n\.(?=[A-Z])|\n\s*\n/);
const texts = [...odd, ...new Set(paragraphs.map((text) => text.trim()))].slice(0, Number(limit));

await ensureBuilt();
const reference = await Reference.load(
  fileURLToPath(new URL("../../packages/local/dist/model/", import.meta.url)),
  "model.onnx",
);
const server = await startLocalServer();

async function embed(input: string[]) {
  const headers = { authorization: "Bearer any" };
  const body = JSON.stringify({ model: "m", input });
  const response = await fetch(`${server.url}/embeddings`, { method: "POST", headers, body });
  if (!response.ok) throw new Error(await response.text());
  const { data, usage } = await response.json();
  return { vectors: data.map((row: { embedding: number[] }) => row.embedding), tokens: usage.prompt_tokens };
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const batched = (await embed(texts)).vectors;
let leastCosine = 1;
let wrongTokens = 0;
let unlikeSingle = 0;
for (const [index, text] of texts.entries()) {
  const { vectors, tokens } = await embed([text]);
  const plain = await reference.embed(text);
  leastCosine = Math.min(leastCosine, dot(plain, batched[index]));
  if (tokens !== reference.tokens(text).length) wrongTokens++;
  if (JSON.stringify(vectors[0]) !== JSON.stringify(batched[index])) unlikeSingle++;
}
await server.close();

console.log(`${texts.length} texts: least cosine to the plain run ${leastCosine.toFixed(8)}`);
console.log(
  `${wrongTokens} with another number of tokens; ${unlikeSingle} whose vector in the batch is not the single one`,
);
if (leastCosine < 0.9999 || wrongTokens + unlikeSingle > 0) process.exitCode = 1;
