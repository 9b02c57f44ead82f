/**
 * Whether the reranker improves the order: nDCG@10 on a test collection in the format of Cranfield, of the embedding
 * order and of its first 20 reranked, with a paired bootstrap interval of the difference.
 * `tsx bench/local/cranfield.ts FOLDER`; the folder holds `cran.all`, `cran.qry`, `cranqrel`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ensureBuilt from "../../packages/local/scripts/ensure-built.ts";
import { chance } from "../../packages/local/src/chance.ts";
import { startLocalServer } from "../../packages/local/src/index.ts";

const candidates = 20;
const resamples = 10_000;

const folder = process.argv[2];
if (!folder) throw new Error("Expected the collection's folder as the only argument");
const read = (name: string) => readFileSync(join(folder, name), "utf8").replaceAll("\r", "");

/** The records of a file, each with its fields by their letter. */
function records(text: string): Record<string, string>[] {
  return text
    .split(/^\.I .*$/m)
    .slice(1)
    .map((record) =>
      Object.fromEntries(record.split(/^\.(?=[A-Z]$)/m).map((part) => [part[0], part.slice(1).trim()])),
    );
}

const documents = records(read("cran.all")).map(({ T = "", W = "" }) => `${T}\n\n${W}`);
const queries = records(read("cran.qry")).map(({ W = "" }) => W.replace(/\s+/g, " "));
/** By query, from 0: the documents that are relevant. */
const relevant = new Map<number, Set<number>>();
for (const line of read("cranqrel").trim().split("\n")) {
  const [query = 0, document = 0, code = 0] = line.trim().split(/\s+/).map(Number);
  const set = relevant.get(query - 1) ?? new Set();
  if (code > 0) set.add(document - 1);
  relevant.set(query - 1, set);
}

/** Binary relevance, the first ten places. */
function ndcg(order: number[], right: Set<number>): number {
  const gain = (place: number) => 1 / Math.log2(place + 2);
  const ideal = Array.from({ length: Math.min(10, right.size) }, (_, place) => gain(place));
  const found = order.slice(0, 10).map((document, place) => (right.has(document) ? gain(place) : 0));
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return sum(ideal) === 0 ? 0 : sum(found) / sum(ideal);
}

await ensureBuilt();
const server = await startLocalServer();

async function post(path: string, body: object) {
  const headers = { authorization: "Bearer any" };
  const response = await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

async function embed(input: string[]): Promise<number[][]> {
  const { data } = await post("/embeddings", { model: "m", input });
  return data.map((row: { embedding: number[] }) => row.embedding);
}

async function rerank(query: string, order: number[]): Promise<number[]> {
  const body = { model: "m", query, documents: order.map((document) => documents[document] ?? "") };
  const { results } = await post("/rerank", body);
  return results.map(({ index }: { index: number }) => order[index] ?? 0);
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

const vectors = await embed(documents);
const asked = await embed(queries);
const scores: { embedding: number; reranked: number }[] = [];
for (const [index, query] of queries.entries()) {
  const right = relevant.get(index);
  const vector = asked[index];
  if (!right || right.size === 0 || !vector) continue;
  const order = vectors
    .map((other, document) => ({ document, score: dot(vector, other) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, candidates)
    .map(({ document }) => document);
  scores.push({ embedding: ndcg(order, right), reranked: ndcg(await rerank(query, order), right) });
}
await server.close();

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const gains = scores.map(({ embedding, reranked }) => reranked - embedding);
const means = Array.from({ length: resamples }, (_, sample) =>
  mean(gains.map((_gain, draw) => gains[Math.floor(chance(1, sample, draw) * gains.length)] ?? 0)),
).sort((a, b) => a - b);
const quantile = (share: number) => (means[Math.floor(share * (resamples - 1))] ?? 0).toFixed(4);

console.log(`${scores.length} queries, ${documents.length} documents, first ${candidates} reranked`);
console.log(`nDCG@10 of the embedding order ${mean(scores.map(({ embedding }) => embedding)).toFixed(4)}`);
console.log(`nDCG@10 reranked               ${mean(scores.map(({ reranked }) => reranked)).toFixed(4)}`);
console.log(`difference ${mean(gains).toFixed(4)}, 95 % interval ${quantile(0.025)} to ${quantile(0.975)}`);
