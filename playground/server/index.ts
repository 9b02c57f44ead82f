/** passages and an embedding model -> their vectors in a table with pgvector, which both frameworks read */
import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import type { TogetherClient } from "@together-retrieval/core";
import { TogetherEmbeddings } from "@together-retrieval/langchain";
import { type Database, table } from "../../examples/demo/database.ts";
import type { Passage } from "../../examples/demo/split.ts";
import type { EmbeddingModel } from "../wire.ts";

export interface PassageIndex {
  model: EmbeddingModel;
  /** The ids of the table's rows, in the order of `vectors`. */
  ids: string[];
  passages: Passage[];
  vectors: number[][];
  tableName: string;
  database: Database;
}

/** What both frameworks are told of a model. */
export function embeddingOptions({ id, profile }: EmbeddingModel, client: TogetherClient) {
  return { client, model: id, ...(profile && { profile }) };
}

export interface IndexPlan extends Pick<PassageIndex, "model" | "passages" | "tableName" | "database"> {
  client: TogetherClient;
  batchSize: number | undefined;
  signal: AbortSignal;
  onProgress(done: number): void;
}

/** @throws what the embeddings throw: then there is no table */
export async function buildIndex(plan: IndexPlan): Promise<PassageIndex> {
  const { model, passages, tableName, database, client, signal } = plan;
  const embeddings = new TogetherEmbeddings({
    ...embeddingOptions(model, client),
    batchSize: plan.batchSize,
  });
  const texts = passages.map(({ pageContent }) => pageContent);
  const onProgress = ({ done }: { done: number }) => plan.onProgress(done);
  const vectors = await embeddings.embedDocuments(texts, { signal, onProgress });
  const store = openStore(embeddings, database, tableName);
  await store.ensureTableInDatabase(vectors[0]?.length ?? 0);
  const ids = passages.map(() => crypto.randomUUID());
  await store.addVectors(vectors, passages, { ids });
  return { model, ids, passages, vectors, tableName, database };
}

/** LangChain's view of the table. */
export function openStore(embeddings: TogetherEmbeddings, { pool }: Database, tableName: string) {
  return new PGVectorStore(embeddings, {
    ...{ pool, tableName },
    ...{ schemaName: table.schema, columns: table.columns },
  });
}
