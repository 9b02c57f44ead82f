/** passages -> vectors, once -> a table that both frameworks read */
import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import { TogetherEmbeddings } from "@together-retrieval/langchain";
import type { Database } from "./database.ts";
import { table } from "./database.ts";
import { showProgress } from "./progress.ts";
import type { Service } from "./service.ts";
import type { Passage } from "./split.ts";

/** @returns LangChain's view of the table */
export async function storePassages(
  passages: Passage[],
  { client, embeddingModel }: Service,
  { pool }: Database,
): Promise<PGVectorStore> {
  const embeddings = new TogetherEmbeddings({ client, model: embeddingModel });
  const progress = showProgress(passages.length);
  const texts = passages.map(({ pageContent }) => pageContent);
  const vectors = await embeddings
    .embedDocuments(texts, { onProgress: ({ done }) => progress.update(done) })
    .finally(() => progress.stop());

  const dimensions = vectors[0]?.length ?? 0;
  const store = new PGVectorStore(embeddings, {
    pool,
    schemaName: table.schema,
    tableName: table.name,
    columns: table.columns,
  });
  await store.ensureTableInDatabase(dimensions);
  await store.addVectors(vectors, passages);
  console.log(
    `Stored         ${vectors.length.toLocaleString("en")} vectors of ${dimensions} dimensions in pgvector on PGlite, in memory`,
  );
  return store;
}
