/** passages and their vectors -> a table with pgvector, which both frameworks read */
import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import { TogetherEmbeddings } from "@together-retrieval/langchain";
import { type Database, table } from "./database.ts";
import type { Service } from "./service.ts";
import type { Passage } from "./split.ts";

/** @returns LangChain's view of the table */
export async function storePassages(
  passages: Passage[],
  vectors: number[][],
  { client, embeddingModel }: Service,
  { pool }: Database,
): Promise<PGVectorStore> {
  const store = new PGVectorStore(new TogetherEmbeddings({ client, model: embeddingModel }), {
    pool,
    schemaName: table.schema,
    tableName: table.name,
    columns: table.columns,
  });
  const dimensions = vectors[0]?.length ?? 0;
  await store.ensureTableInDatabase(dimensions);
  await store.addVectors(vectors, passages);
  console.log(
    `Stored         ${vectors.length} vectors of ${dimensions} dimensions in pgvector on PGlite, in memory`,
  );
  return store;
}
