/** A query and documents, strings or objects -> the documents by relevance. */
import { TogetherClient } from "@together-retrieval/core";

const [model] = process.argv.slice(2);
if (!model) {
  console.error("Usage: rerank.ts RERANK_MODEL");
  process.exit(1);
}
const client = new TogetherClient();
const query = "Which planet is the hottest?";

const texts = [
  "Mercury is the planet nearest to the Sun.",
  "Venus is the hottest planet: its thick atmosphere traps heat.",
  "Neptune is the coldest of the eight planets.",
  "Bread is baked in a hot oven.",
];
for (const { index, relevanceScore, document } of await client.rerank(query, texts, { model, topN: 2 })) {
  console.log(`${relevanceScore.toFixed(3)}  texts[${index}]  ${document}`);
}

// Objects keep their type. Only these fields are ranked, and the catalogue numbers are not.
const planets = [
  { id: 101, name: "Mercury", about: "The smallest planet, nearest to the Sun." },
  { id: 102, name: "Venus", about: "The hottest planet, under thick clouds." },
  { id: 103, name: "Neptune", about: "The planet farthest from the Sun, and the coldest." },
];
const rankFields = ["name", "about"];
for (const { relevanceScore, document } of await client.rerank(query, planets, { model, rankFields })) {
  console.log(`${relevanceScore.toFixed(3)}  planet ${document.id}  ${document.name}`);
}
