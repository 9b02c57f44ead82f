/** Compiled as an application's: both parts are what LangChain takes, and documents keep their metadata's type. */
import type { DocumentInterface } from "@langchain/core/documents";
import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/langchain";

const client = new TogetherClient({ apiKey: "key" });
const embeddings: EmbeddingsInterface = new TogetherEmbeddings({ client, model: "m" });
const reranker = new TogetherReranker({ client, model: "m", topN: 3 });
const compressor: BaseDocumentCompressor = reranker;

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
