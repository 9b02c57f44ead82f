/** Documents, and queries with the ids that should be found -> recall@k and nDCG@10, by vector and after reranking. */
import { readFile } from "node:fs/promises";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/langchain";

type Collection = { documents: Record<string, string>; queries: { query: string; expected: string[] }[] };
const [embeddingModel, rerankModel, file] = process.argv.slice(2);
if (!embeddingModel || !rerankModel || !file) {
  console.error("Usage: evaluate.ts EMBEDDING_MODEL RERANK_MODEL COLLECTION");
  process.exit(1);
}
const { documents, queries }: Collection = JSON.parse(await readFile(file, "utf8"));
const client = new TogetherClient(); // shared: one rate limit, one count of tokens
const embeddings = new TogetherEmbeddings({ client, model: embeddingModel });
const ids = Object.keys(documents).map((id) => ({ id }));
const store = await MemoryVectorStore.fromTexts(Object.values(documents), ids, embeddings);
const reranker = new TogetherReranker({ client, model: rerankModel });

/** Recall: which share of the documents that should be found is among the first k. */
function recall(ranking: string[], expected: string[], k: number): number {
  return expected.filter((id) => ranking.slice(0, k).includes(id)).length / expected.length;
}
/** nDCG: each document that should be found counts 1 / log2(its place + 1). The result is 1 if all of them come first. */
function ndcg(ranking: string[], expected: string[], k: number): number {
  const gain = (id: string, i: number) => (i < k && expected.includes(id) ? 1 / Math.log2(i + 2) : 0);
  return sum(ranking.map(gain)) / sum(expected.map(gain));
}
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

const found = await Promise.all(queries.map(({ query }) => store.similaritySearch(query, 20)));
const ranked = queries.map(({ query }, n) => reranker.compressDocuments(found[n] ?? [], query));
for (const [name, lists] of Object.entries({ vectors: found, reranked: await Promise.all(ranked) })) {
  const rankings = lists.map((list) => list.map(({ metadata }) => metadata.id));
  const mean = (metric: typeof recall, k: number) =>
    sum(queries.map(({ expected }, n) => metric(rankings[n] ?? [], expected, k))) / queries.length;
  const means = [mean(recall, 1), mean(recall, 5), mean(ndcg, 10)].map((value) => value.toFixed(3));
  console.log(`${name.padEnd(8)}  recall@1 ${means[0]}  recall@5 ${means[1]}  nDCG@10 ${means[2]}`);
}
