/** Compiled as an application's: both parts are what LangChain takes, and documents keep their metadata's type. */
import type { DocumentInterface } from "@langchain/core/documents";
import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/langchain";
import { type CompressorUnderTest, compressorChecks } from "@together-retrieval/langchain/testing";

const client = new TogetherClient({ apiKey: "key" });
const embeddings: EmbeddingsInterface = new TogetherEmbeddings({ client, model: "m" });
const reranker = new TogetherReranker({ client, model: "m", topN: 3 });
const compressor: BaseDocumentCompressor = reranker;

const subject: CompressorUnderTest = {
  create: (topN) => new TogetherReranker({ client, model: "m", topN }),
  ...{ scoreKey: "relevanceScore", query: "q", texts: ["a", "b", "c"] },
};
export const checks: Promise<void>[] = compressorChecks.map(({ check }) => check(subject));

export async function use(
  documents: DocumentInterface<{ page: number }>[],
  signal: AbortSignal,
): Promise<number[]> {
  const vectors: number[][] = await embeddings.embedDocuments(["a"]);
  const compressed = await compressor.compressDocuments(documents, "q");
  const ranked = await reranker.rerank(documents, "q", { signal });
  // @ts-expect-error: `model` is required
  new TogetherReranker({ client });
  return [vectors.length, compressed.length, ...ranked.map(({ document }) => document.metadata.page)];
}
