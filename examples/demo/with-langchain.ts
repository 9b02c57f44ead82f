/** a question -> LangChain's vector store -> our reranker as a document compressor */
import type { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import type { Document } from "@langchain/core/documents";
import { TogetherReranker } from "@together-retrieval/langchain";
import { bestCount, candidateCount, type Finding, type Findings } from "./finding.ts";
import type { Service } from "./service.ts";

export async function searchWithLangChain(
  question: string,
  store: PGVectorStore,
  { client, rerankModel }: Service,
): Promise<Findings> {
  const reranker = new TogetherReranker({ client, model: rerankModel, topN: bestCount });
  // The store gives distances: the cosine is what is left of 1.
  const found = await store.similaritySearchWithScore(question, candidateCount);
  const ranked = await reranker.compressDocuments(
    found.map(([document]) => document),
    question,
  );
  return {
    candidates: found.map(([document, distance]) => toFinding(document, 1 - distance)),
    best: ranked.map((document) => toFinding(document, document.metadata.relevanceScore)),
  };
}

function toFinding({ id = "", pageContent, metadata }: Document, score: number): Finding {
  return { id, source: metadata.source, text: pageContent, score };
}
