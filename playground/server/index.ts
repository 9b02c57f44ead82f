/** passages and an embedding model -> their vectors in a table with pgvector, which both frameworks read */
import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import type { TogetherClient } from "@together-retrieval/core";
import { TogetherEmbeddings } from "@together-retrieval/langchain";
import { type Database, table } from "../../examples/demo/database.ts";
import type { EmbeddingModel } from "../wire.ts";

/** Where a passage stands: ours say it in one, those of an index that ingest wrote in parts. */
export interface PassageMetadata {
  source: string;
  loc?: { lines?: { from: number; to: number }; pageNumber?: number };
}

export interface Passage {
  pageContent: string;
  metadata: PassageMetadata;
}

export interface PassageIndex {
  model: EmbeddingModel;
  /** The ids of the rows, in the order of `vectors`. */
  ids: string[];
  /** All of them, or as many as the map shows. */
  passages: Passage[];
  vectors: number[][];
  schemaName: string;
  tableName: string;
  database: Database;
}

/** `folder/file.md:12-20` */
export function sourceOf({ source, loc }: PassageMetadata): string {
  if (loc?.lines) return `${source}:${loc.lines.from}-${loc.lines.to}`;
  return loc?.pageNumber ? `${source}, page ${loc.pageNumber}` : source;
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
  const { schema: schemaName } = table;
  const store = openStore(embeddings, { database, schemaName, tableName });
  await store.ensureTableInDatabase(vectors[0]?.length ?? 0);
  const ids = passages.map(() => crypto.randomUUID());
  await store.addVectors(vectors, passages, { ids });
  return { model, ids, passages, vectors, schemaName, tableName, database };
}

type Table = Pick<PassageIndex, "database" | "schemaName" | "tableName">;

/** LangChain's view of the table. */
export function openStore(
  embeddings: TogetherEmbeddings,
  { database: { pool }, schemaName, tableName }: Table,
) {
  return new PGVectorStore(embeddings, { pool, schemaName, tableName, columns: table.columns });
}
