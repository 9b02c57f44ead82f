/** The official client with p-map, as a careful user would write it by hand. */
import pMap from "p-map";
import { Together } from "together-ai";

export function create({ baseURL, batchSize = 100, concurrency = 8 }) {
  const together = new Together({ apiKey: "bench", baseURL });
  return {
    async embed(texts) {
      const batches = [];
      for (let at = 0; at < texts.length; at += batchSize) batches.push(texts.slice(at, at + batchSize));
      const send = async (input) => {
        const { data } = await together.embeddings.create({ model: "bench", input });
        return data.map(({ embedding }) => embedding);
      };
      return (await pMap(batches, send, { concurrency })).flat();
    },
    async rerank(query, documents) {
      const request = { model: "bench", query, documents, return_documents: false };
      const { results } = await together.rerank.create(request);
      return results.map(({ index, relevance_score }) => ({ index, score: relevance_score }));
    },
  };
}
