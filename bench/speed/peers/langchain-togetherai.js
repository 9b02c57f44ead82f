/** LangChain's community integration of Together. It sends one text a request. */
import { TogetherAIEmbeddings } from "@langchain/community/embeddings/togetherai";

export function create({ baseURL, concurrency }) {
  const embeddings = new TogetherAIEmbeddings({
    apiKey: "bench",
    model: "bench",
    ...(concurrency && { maxConcurrency: concurrency }),
  });
  // It has no base URL of its own to set, only this private field.
  embeddings.embeddingsAPIUrl = `${baseURL}/embeddings`;
  return { embed: (texts) => embeddings.embedDocuments(texts) };
}
