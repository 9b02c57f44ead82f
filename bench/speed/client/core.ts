/** Ours, without a framework. */
import { TogetherClient } from "@together-retrieval/core";
import type { Client, ClientSettings } from "./client.ts";

export function create({ baseURL, batchSize, concurrency, encoding }: ClientSettings): Client {
  const client = new TogetherClient({ apiKey: "bench", baseURL, maxConcurrency: concurrency });
  const options = { model: "bench", batchSize, encodingFormat: encoding };
  return {
    embed: (texts) => client.embed(texts, options),
    stream: (source) => client.embedStream(source, options),
    async rerank(query, documents) {
      const ranking = await client.rerank(query, documents, { model: "bench", batchSize });
      return ranking.map(({ index, relevanceScore }) => ({ index, score: relevanceScore }));
    },
  };
}
