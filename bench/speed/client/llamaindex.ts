/** Ours, through LlamaIndex. */
import { TogetherEmbeddings } from "@together-retrieval/llamaindex";
import type { Client, ClientSettings } from "./client.ts";

export function create({ baseURL, batchSize, concurrency, encoding }: ClientSettings): Client {
  const embeddings = new TogetherEmbeddings({
    apiKey: "bench",
    baseURL,
    model: "bench",
    batchSize,
    maxConcurrency: concurrency,
    encodingFormat: encoding,
  });
  return { embed: (texts) => embeddings.getTextEmbeddingsBatch(texts) };
}
