/** The AI SDK with its Together provider. */
import { createTogetherAI } from "@ai-sdk/togetherai";
import { embedMany, rerank } from "ai";

globalThis.AI_SDK_LOG_WARNINGS = false;

export function create({ baseURL, batchSize, concurrency }) {
  const provider = createTogetherAI({ apiKey: "bench", baseURL });
  const theirs = provider.embeddingModel("bench");
  // The provider has no option for it.
  const model = batchSize ? Object.create(theirs, { maxEmbeddingsPerCall: { value: batchSize } }) : theirs;
  return {
    async embed(values) {
      const { embeddings } = await embedMany({
        model,
        values,
        ...(concurrency && { maxParallelCalls: concurrency }),
      });
      return embeddings;
    },
    async rerank(query, documents) {
      const { ranking } = await rerank({ model: provider.reranking("bench"), query, documents });
      return ranking.map(({ originalIndex, score }) => ({ index: originalIndex, score }));
    },
  };
}
