/** LlamaIndex's integration of Together. It asks for base64, and for one batch after the other. */
import { TogetherEmbedding } from "@llamaindex/together";

export function create({ baseURL, batchSize }) {
  const embedding = new TogetherEmbedding({
    apiKey: "bench",
    model: "bench",
    additionalSessionOptions: { baseURL },
    ...(batchSize && { embedBatchSize: batchSize }),
  });
  return { embed: (texts) => embedding.getTextEmbeddingsBatch(texts) };
}
