/** Texts and a question -> the nearest texts by cosine similarity, then the same texts in the reranker's order. */
import { TogetherClient } from "@together-retrieval/core";

const [embeddingModel, rerankModel] = process.argv.slice(2);
if (!embeddingModel || !rerankModel) {
  console.error("Usage: embed-and-rerank.ts EMBEDDING_MODEL RERANK_MODEL");
  process.exit(1);
}
const client = new TogetherClient();
const question = "How hot does it get on Venus by day?";
const texts = [
  "The thick carbon dioxide air of Venus traps the Sun's heat.",
  "On Venus the ground is about 465 °C by day and by night: lead would melt there.",
  "Venus shines brighter than any star in the evening sky.",
  "Mercury is hot by day and freezing by night: it has almost no air.",
  "Mars is red because of the iron in its dust.",
  "Long days and short nights make the northern summer.",
];

const [documents, [query = []]] = await Promise.all([
  client.embed(texts, { model: embeddingModel, normalize: true }),
  client.embed([question], { model: embeddingModel, normalize: true, inputType: "query" }),
]);
// The vectors have length 1, so their dot product is the cosine.
const cosine = (vector: number[]) => vector.reduce((sum, x, i) => sum + x * (query[i] ?? 0), 0);
const nearest = texts
  .map((text, index) => ({ text, score: cosine(documents[index] ?? []) }))
  .sort((a, b) => b.score - a.score)
  .slice(0, 4);
for (const { score, text } of nearest) console.log(`cosine ${score.toFixed(3)}  ${text}`);

const candidates = nearest.map(({ text }) => text);
const ranked = await client.rerank(question, candidates, { model: rerankModel });
for (const { relevanceScore, document } of ranked) {
  console.log(`relevance ${relevanceScore.toFixed(3)}  ${document}`);
}
