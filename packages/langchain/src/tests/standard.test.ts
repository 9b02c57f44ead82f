/** Both classes under the suites of their kind. */
import { TogetherEmbeddings, TogetherReranker } from "../index.ts";
import { compressorStandardTests } from "./compressor-suite.ts";
import { embeddingsStandardTests } from "./embeddings-suite.ts";
import { startServer } from "./server.ts";

for (const variable of ["TOGETHER_API_KEY", "TOGETHER_AI_API_KEY"]) {
  embeddingsStandardTests(`TogetherEmbeddings (${variable})`, {
    create: async () =>
      new TogetherEmbeddings({ model: "m", apiKey: "test-key", baseURL: (await startServer()).baseURL }),
    environment: { TOGETHER_API_KEY: "", TOGETHER_AI_API_KEY: "", [variable]: "key-of-the-environment" },
    createFromEnvironment: async () =>
      new TogetherEmbeddings({ model: "m", baseURL: (await startServer()).baseURL }),
    embedWithSignal: (embeddings, texts, signal) =>
      (embeddings as TogetherEmbeddings).embedDocuments(texts, { signal }),
  });
}

compressorStandardTests("TogetherReranker", {
  create: async (topN) =>
    new TogetherReranker({ model: "m", apiKey: "test-key", baseURL: (await startServer()).baseURL, topN }),
  scoreKey: "relevanceScore",
  query: "capital of France",
  texts: ["Paris is the capital of France", "The capital of Germany", "Sea of sand", "Whales"],
});
