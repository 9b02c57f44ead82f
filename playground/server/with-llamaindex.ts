/** a search -> LlamaIndex's vector store over the same table, and our reranker as a node postprocessor */
import { MetadataMode, type NodeWithScore } from "@llamaindex/core/schema";
import { VectorStoreQueryMode } from "@llamaindex/core/vector-store";
import { PGVectorStore } from "@llamaindex/postgres";
import { TogetherEmbeddings, TogetherReranker } from "@together-retrieval/llamaindex";
import type { Hit } from "../wire.ts";
import { embeddingOptions, type PassageMetadata, sourceOf } from "./index.ts";
import type { Retrieval, RetrievalOptions } from "./retrieval.ts";

export function openLlamaIndex({ client, request, index, signal }: RetrievalOptions): Retrieval {
  const withPrompt = new TogetherEmbeddings(embeddingOptions(index.model, client));
  const plain = new TogetherEmbeddings({ client, model: index.model.id, profile: false });
  const embedModel = request.prompt ? withPrompt : plain;
  // LangChain ranks a document's text alone: so no metadata before it here.
  const metadataMode = MetadataMode.NONE;
  const { rerankModel: model, topN } = request;
  const reranker = new TogetherReranker({ client, model, topN, metadataMode });
  let candidates: NodeWithScore[] = [];
  return {
    embed: async (question) => {
      const vector = await embedModel.getQueryEmbedding({ type: "text", text: question }, { signal });
      return vector ?? [];
    },
    nearest: async (vector) => {
      candidates = await queryTable(vector, embedModel, { request, index });
      return candidates.map(toHit);
    },
    // The host has no way to hand on a signal: an abort is noticed after this.
    rerank: async (question) => (await reranker.postprocessNodes(candidates, question)).map(toHit),
  };
}

async function queryTable(
  queryEmbedding: number[],
  embedModel: TogetherEmbeddings,
  { request, index }: Pick<RetrievalOptions, "request" | "index">,
): Promise<NodeWithScore[]> {
  const connection = await index.database.pool.connect();
  try {
    // The table is there already, and is not divided into collections.
    const store = new PGVectorStore({
      ...{ client: connection, shouldConnect: false, performSetup: false },
      ...{ schemaName: index.schemaName, tableName: index.tableName, embedModel },
    });
    store.setCollection("");
    const mode = VectorStoreQueryMode.DEFAULT;
    const found = await store.query({ queryEmbedding, similarityTopK: request.candidates, mode });
    return (found.nodes ?? []).map((node, at) => ({ node, score: found.similarities[at] ?? Number.NaN }));
  } finally {
    connection.release();
  }
}

function toHit({ node, score = Number.NaN }: NodeWithScore): Hit {
  const source = sourceOf(node.metadata as PassageMetadata);
  return { id: node.id_, source, text: node.getContent(MetadataMode.NONE), score };
}
