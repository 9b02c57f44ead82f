/** a search -> LangChain's vector store, and our reranker as a document compressor */
import type { DocumentInterface } from "@langchain/core/documents";
import { TogetherEmbeddings, TogetherReranker } from "@together-retrieval/langchain";
import type { Hit } from "../wire.ts";
import { embeddingOptions, openStore, type PassageMetadata, sourceOf } from "./index.ts";
import type { Retrieval, RetrievalOptions } from "./retrieval.ts";

export function openLangChain({ client, request, index, signal }: RetrievalOptions): Retrieval {
  const withPrompt = new TogetherEmbeddings(embeddingOptions(index.model, client));
  const plain = new TogetherEmbeddings({ client, model: index.model.id, profile: false });
  const embeddings = request.prompt ? withPrompt : plain;
  const store = openStore(embeddings, index);
  const reranker = new TogetherReranker({ client, model: request.rerankModel, topN: request.topN });
  let candidates: DocumentInterface[] = [];
  return {
    embed: (question) => embeddings.embedQuery(question, { signal }),
    nearest: async (vector) => {
      const found = await store.similaritySearchVectorWithScore(vector, request.candidates);
      candidates = found.map(([document]) => document);
      // The store gives distances: the cosine is what is left of 1.
      return found.map(([document, distance]) => toHit(document, 1 - distance));
    },
    rerank: async (question) => {
      const ranked = await reranker.compressDocuments(candidates, question, undefined, { signal });
      return ranked.map((document) => toHit(document, document.metadata.relevanceScore));
    },
  };
}

function toHit({ id = "", pageContent, metadata }: DocumentInterface, score: number): Hit {
  return { id, source: sourceOf(metadata as PassageMetadata), text: pageContent, score };
}
