/** A Markdown file and a question -> 20 passages by BM25 and 20 by vector, fused by rank -> the best 5 by the reranker. */
import { readFile } from "node:fs/promises";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { MarkdownTextSplitter } from "@langchain/textsplitters";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/langchain";
import bm25 from "wink-bm25-text-search";

const [embeddingModel, rerankModel, file, question] = process.argv.slice(2);
if (!embeddingModel || !rerankModel || !file || !question) {
  console.error("Usage: hybrid-search.ts EMBEDDING_MODEL RERANK_MODEL FILE QUESTION");
  process.exit(1);
}
const client = new TogetherClient(); // shared: one rate limit, one count of tokens
const splitter = new MarkdownTextSplitter({ chunkSize: 500, chunkOverlap: 0 });
const passages = await splitter.createDocuments([await readFile(file, "utf8")]);

// A search by words finds names, codes and options, which vectors blur. A search by vectors finds what is said in other words.
const words = bm25();
words.defineConfig({ fldWeights: { text: 1 }, bm25Params: { k1: 1.2, b: 0.75, k: 1 } });
words.definePrepTasks([(text: string) => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []]);
for (const [id, { pageContent }] of passages.entries()) words.addDoc({ text: pageContent }, `${id}`);
words.consolidate(9); // decimals of a score
const byWords = words.search(question, 20).map(([id]) => passages[Number(id)]?.pageContent ?? "");

const embeddings = new TogetherEmbeddings({ client, model: embeddingModel });
const store = await MemoryVectorStore.fromDocuments(passages, embeddings);
const byVector = (await store.similaritySearch(question, 20)).map(({ pageContent }) => pageContent);

// Reciprocal rank fusion adds up places, because scores of different kinds cannot be added. 60 is its usual constant.
const place = (ranking: string[], text: string) => ranking.indexOf(text) + 1 || Number.POSITIVE_INFINITY;
const fused = (text: string) => 1 / (60 + place(byWords, text)) + 1 / (60 + place(byVector, text));
const candidates = [...new Set([...byWords, ...byVector])].sort((a, b) => fused(b) - fused(a)).slice(0, 20);

const reranker = new TogetherReranker({ client, model: rerankModel, topN: 5 });
for (const { relevanceScore, document } of await reranker.rerank(candidates, question)) {
  const [inWords, inVectors] = [byWords, byVector].map((ranking) => ranking.indexOf(document) + 1 || "-");
  const text = document.replace(/\s+/g, " ").slice(0, 70);
  console.log(`${relevanceScore.toFixed(3)}  words ${inWords}  vectors ${inVectors}  ${text}`);
}
