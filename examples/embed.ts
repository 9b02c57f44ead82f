/** One text, then a batch -> vectors. */
import { TogetherClient } from "@together-retrieval/core";

const [model] = process.argv.slice(2);
if (!model) {
  console.error("Usage: embed.ts EMBEDDING_MODEL");
  process.exit(1);
}
// The key comes from TOGETHER_API_KEY; TOGETHER_BASE_URL, if set, says where to send requests.
const client = new TogetherClient();

const [vector = []] = await client.embed(["Which planet is the hottest?"], { model, inputType: "query" });
console.log(`One text: ${vector.length} dimensions, beginning with ${vector.slice(0, 3).join(", ")}`);

const texts = Array.from({ length: 1000 }, (_, n) => `${n} squared is ${n * n}`);
const vectors = await client.embed(texts, { model });
console.log(`A batch: ${vectors.length} vectors; vector i belongs to text i`);

const { requests, promptTokens } = client.usage;
console.log(`In all: ${requests} requests, ${promptTokens} tokens`);
