/** Ours, through LangChain. */
import { TogetherEmbeddings } from "@together-retrieval/langchain";
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
  return { embed: (texts) => embeddings.embedDocuments(texts) };
}
