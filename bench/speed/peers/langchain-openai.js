/** LangChain's OpenAIEmbeddings, pointed at another server. It asks for base64 unless told otherwise. */
import { OpenAIEmbeddings } from "@langchain/openai";

export function create({ baseURL, batchSize, concurrency, encoding }) {
  const embeddings = new OpenAIEmbeddings({
    apiKey: "bench",
    model: "bench",
    configuration: { baseURL },
    ...(batchSize && { batchSize }),
    ...(concurrency && { maxConcurrency: concurrency }),
    ...(encoding && { encodingFormat: encoding }),
  });
  return { embed: (texts) => embeddings.embedDocuments(texts) };
}
