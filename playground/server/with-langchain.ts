/** a search -> LangChain's vector store over the index's table, and our reranker as a document compressor */
import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import { Document } from "@langchain/core/documents";
import { TogetherEmbeddings, TogetherReranker } from "@together-retrieval/langchain";
import type { Hit } from "../wire.ts";
import { embeddingOptions, sourceOf } from "./index.ts";
import type { Retrieval, RetrievalOptions } from "./retrieval.ts";

export function openLangChain({ client, request, index, signal }: RetrievalOptions): Retrieval {
  const { handle, pool } = index;
  const { schemaName, tableName, columns } = handle;
  const embeddings = new TogetherEmbeddings({ client, ...embeddingOptions(handle, request.prompt) });
  const store = new PGVectorStore(embeddings, { pool, schemaName, tableName, columns });
  const reranker = new TogetherReranker({ client, model: request.rerankModel, topN: request.topN });
  return {
    embed: (question) => embeddings.embedQuery(question, { signal }),
    nearest: async (vector) => {
      const found = await store.similaritySearchVectorWithScore(vector, request.candidates);
      return found.map(([{ id = "", pageContent, metadata }, distance]) => ({
        ...{ id, source: sourceOf(metadata), text: pageContent },
        // The store returns cosine distances, so the cosine is 1 minus the distance.
        score: 1 - distance,
      }));
    },
    rerank: async (question, candidates) => {
      const documents = candidates.map(
        (hit) => new Document<Record<string, unknown>>({ pageContent: hit.text, metadata: { hit } }),
      );
      const ranked = await reranker.compressDocuments(documents, question, undefined, { signal });
      return ranked.map(({ metadata }) => ({
        ...(metadata.hit as Hit),
        score: metadata.relevanceScore as number,
      }));
    },
  };
}
