/** Vectors, Postgres' full text search, and both fused, each with and without reranking: an index that ingest wrote. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TogetherClient } from "@together-retrieval/core";
import { addToIndex, type FoundChunk, type IndexHandle, openIndex } from "@together-retrieval/ingest";
import { gainChart } from "../charts.ts";
import { DEPTH } from "../retrieval.ts";
import { type Rankings, rowsOf } from "../scores.ts";
import { scoreTable } from "../tables.ts";
import type { Setup, Study } from "./study.ts";

export const hybrid: Study = async (setup) => {
  const { api, collection, candidates } = setup;
  const client = new TogetherClient({ baseURL: api.url, apiKey: api.apiKey, timeoutMs: 600_000 });
  const folder = await mkdtemp(join(tmpdir(), "eval-"));
  try {
    const index = await write(setup, client, join(folder, "index"));
    try {
      const rows = rowsOf(collection, await rankAll(setup, client, index));
      return {
        title: "One index, by vector, by words, by both",
        body: `${scoreTable(rows)}\n\nThe first ${candidates} are reranked. Words are found by Postgres' \`ts_rank\`, both lists fused by reciprocal rank.`,
        chart: gainChart(rows, "Gain in nDCG@10 over vectors alone"),
      };
    } finally {
      await index.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Each document is one chunk: what is compared is how it is found, not how it is cut. */
async function write({ collection, model }: Setup, client: TogetherClient, to: string): Promise<IndexHandle> {
  async function* input() {
    for (const { id, text } of collection.documents) yield `${JSON.stringify({ id, text })}\n`;
  }
  await addToIndex({
    ...{ input: input(), format: "jsonl", to, client, model, profile: false },
    ...{ chunkSize: 1_000_000, chunkOverlap: 0 },
  });
  return openIndex({ to });
}

async function rankAll(
  { collection, model, reranker, candidates }: Setup,
  client: TogetherClient,
  index: IndexHandle,
) {
  const rankings: Rankings & Record<string, string[][]> = {};
  const add = (name: string, found: FoundChunk[]) => {
    rankings[name] ??= [];
    rankings[name].push(found.map(({ metadata }) => String(metadata.id)));
  };
  const rerank = async (query: string, found: FoundChunk[]) => {
    const texts = found.slice(0, candidates).map(({ text }) => text);
    const ranked = await client.rerank(query, texts, { model: reranker });
    return [...ranked.map(({ index }) => found[index] as FoundChunk), ...found.slice(candidates)];
  };
  for (const { text } of collection.queries) {
    const [vector = []] = await client.embed([text], { model, profile: false });
    const nearest = await index.find({ vector, count: DEPTH, listed: DEPTH });
    // Both lists whole, so that the one by words can be told apart.
    const both = await index.find({ vector, text, count: 2 * DEPTH, listed: DEPTH });
    const byWords = both
      .filter(({ textRank }) => typeof textRank === "number")
      .sort((a, b) => Number(a.textRank) - Number(b.textRank));
    const fused = both.slice(0, DEPTH);
    for (const [name, found] of Object.entries({ vectors: nearest, words: byWords, hybrid: fused })) {
      add(name, found);
      add(`${name}, reranked`, await rerank(text, found));
    }
  }
  return rankings;
}
