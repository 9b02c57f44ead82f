/** The embeddings pass LangChain's suite for embeddings. The reranker's suite is in testing.test.ts. */

import { serve } from "@together-retrieval/test-server/by-words";
import { embeddingsStandardTests } from "./embeddings-suite.ts";
import { TogetherEmbeddings } from "./index.ts";

for (const variable of ["TOGETHER_API_KEY", "TOGETHER_AI_API_KEY"]) {
  embeddingsStandardTests(`TogetherEmbeddings (${variable})`, {
    create: async () =>
      new TogetherEmbeddings({ model: "m", apiKey: "test-key", baseURL: (await serve()).baseURL }),
    environment: { TOGETHER_API_KEY: "", TOGETHER_AI_API_KEY: "", [variable]: "key-of-the-environment" },
    createFromEnvironment: async () =>
      new TogetherEmbeddings({ model: "m", baseURL: (await serve()).baseURL }),
    embedWithSignal: (embeddings, texts, signal) =>
      (embeddings as TogetherEmbeddings).embedDocuments(texts, { signal }),
  });
}
