/** a question -> LlamaIndex's retriever over the same table -> our reranker as a node postprocessor */
import { MetadataMode, type NodeWithScore } from "@llamaindex/core/schema";
import { PGVectorStore } from "@llamaindex/postgres";
import { TogetherEmbeddings, TogetherReranker } from "@together-retrieval/llamaindex";
import { Settings, VectorStoreIndex } from "llamaindex";
import { type Database, table } from "./database.ts";
import { bestCount, candidateCount, type Finding, type Findings } from "./finding.ts";
import type { Service } from "./service.ts";

export async function searchWithLlamaIndex(
  question: string,
  { pool }: Database,
  { client, embeddingModel, rerankModel }: Service,
): Promise<Findings> {
  const embedModel = new TogetherEmbeddings({ client, model: embeddingModel });
  // LangChain ranks a document's text alone: so no metadata before it here.
  const metadataMode = MetadataMode.NONE;
  const reranker = new TogetherReranker({ client, model: rerankModel, topN: bestCount, metadataMode });
  const connection = await pool.connect();
  try {
    // The table is there already, and is not divided into collections.
    const vectorStore = new PGVectorStore({
      ...{ client: connection, shouldConnect: false, performSetup: false },
      ...{ schemaName: table.schema, tableName: table.name, embedModel },
    });
    vectorStore.setCollection("");
    const index = await Settings.withEmbedModel(embedModel, () =>
      VectorStoreIndex.fromVectorStore(vectorStore),
    );
    const found = await index.asRetriever({ similarityTopK: candidateCount }).retrieve(question);
    const ranked = await reranker.postprocessNodes(found, question);
    return { candidates: found.map(toFinding), best: ranked.map(toFinding) };
  } finally {
    connection.release();
  }
}

function toFinding({ node, score = Number.NaN }: NodeWithScore): Finding {
  return { id: node.id_, source: node.metadata.source, text: node.getContent(MetadataMode.NONE), score };
}
