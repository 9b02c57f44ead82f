/** The contract's way in through LangChain. */
import { Document } from "@langchain/core/documents";
import * as langchain from "@together-retrieval/langchain";
import { MODEL } from "./client.ts";
import { type Door, type Ranked, withClient } from "./door.ts";

export const door: Door = {
  name: "LangChain",
  cannot: {},
  open: (settings) => {
    const client = withClient(settings);
    const embeddings = new langchain.TogetherEmbeddings({ ...client, model: MODEL, ...settings.embed });
    const reranker = new langchain.TogetherReranker({ ...client, model: MODEL, ...settings.rerank });
    return {
      embedDocuments: (texts, call) => embeddings.embedDocuments(texts, call),
      embedQuery: (text, call) => embeddings.embedQuery(text, call),
      rerank: async (query, texts, call) => {
        const documents = texts.map(
          (pageContent, index) => new Document({ pageContent, metadata: { index } }),
        );
        const ranked = await reranker.compressDocuments(documents, query, undefined, call);
        return ranked.map(({ metadata }) => metadata as unknown as Ranked);
      },
    };
  },
};
