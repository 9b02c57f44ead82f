/** Compiled as an application's: an index is a retriever of both hosts. */
import type { BaseRetriever as LangChainRetriever } from "@langchain/core/retrievers";
import type { BaseRetriever as LlamaIndexRetriever } from "@llamaindex/core/retriever";
import type { IndexHandle } from "@together-retrieval/ingest";
import { IndexRetriever as ForLangChain } from "@together-retrieval/ingest/langchain";
import { IndexRetriever as ForLlamaIndex } from "@together-retrieval/ingest/llamaindex";

export function use(index: IndexHandle): [LangChainRetriever, LlamaIndexRetriever] {
  // @ts-expect-error: LlamaIndex has no signal for a retriever
  new ForLlamaIndex({ index, signal: AbortSignal.timeout(1) });
  const options = { index, hybrid: true, top: 20, filter: { product: "router" } };
  return [new ForLangChain({ ...options, tags: ["notes"] }), new ForLlamaIndex(options)];
}
