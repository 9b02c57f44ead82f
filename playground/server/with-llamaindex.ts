/** a search -> LlamaIndex's vector store over the same table, and our reranker as a node postprocessor */
import { MetadataMode, TextNode } from "@llamaindex/core/schema";
import { VectorStoreQueryMode } from "@llamaindex/core/vector-store";
import { PGVectorStore } from "@llamaindex/postgres";
import { TogetherEmbeddings, TogetherReranker } from "@together-retrieval/llamaindex";
import type { Hit } from "../wire.ts";
import { embeddingOptions, sourceOf } from "./index.ts";
import type { Retrieval, RetrievalOptions } from "./retrieval.ts";

export function openLlamaIndex({ client, request, index, signal }: RetrievalOptions): Retrieval {
  const embedModel = new TogetherEmbeddings({ client, ...embeddingOptions(index.handle, request.prompt) });
  // LangChain ranks only a document's text, so LlamaIndex must not put metadata before it here.
  const metadataMode = MetadataMode.NONE;
  const { rerankModel: model, topN } = request;
  const reranker = new TogetherReranker({ client, model, topN, metadataMode });
  return {
    embed: async (question) => {
      const vector = await embedModel.getQueryEmbedding({ type: "text", text: question }, { signal });
      return vector ?? [];
    },
    nearest: (vector) => queryTable(vector, embedModel, { request, index }),
    // The host cannot pass on a signal, so an abort is noticed only after this.
    rerank: async (question, candidates) => {
      const nodes = candidates.map((hit) => ({ node: new TextNode({ id_: hit.id, text: hit.text }) }));
      const byId = new Map(candidates.map((hit) => [hit.id, hit]));
      const ranked = await reranker.postprocessNodes(nodes, question);
      return ranked.flatMap(({ node, score = Number.NaN }) => {
        const hit = byId.get(node.id_);
        return hit ? [{ ...hit, score }] : [];
      });
    },
  };
}

async function queryTable(
  queryEmbedding: number[],
  embedModel: TogetherEmbeddings,
  { request, index: { handle, pool } }: Pick<RetrievalOptions, "request" | "index">,
): Promise<Hit[]> {
  const { schemaName, tableName } = handle;
  const connection = await pool.connect();
  try {
    // The table exists already, and has no column for collections.
    const store = new PGVectorStore({
      ...{ client: connection, shouldConnect: false, performSetup: false },
      ...{ schemaName, tableName, embedModel },
    });
    store.setCollection("");
    const mode = VectorStoreQueryMode.DEFAULT;
    const found = await store.query({ queryEmbedding, similarityTopK: request.candidates, mode });
    return (found.nodes ?? []).map((node, at) => ({
      ...{ id: node.id_, source: sourceOf(node.metadata), text: node.getContent(MetadataMode.NONE) },
      score: found.similarities[at] ?? Number.NaN,
    }));
  } finally {
    connection.release();
  }
}
