/** an index after a pass over a source -> without what is gone, and with the search index that it may lack */
import { type Database, run } from "./database.ts";
import type { IndexSettings } from "./index-settings.ts";
import type { Tables } from "./tables.ts";
import { vectorIndexFor } from "./vector-index.ts";

/** Numbers the passes, so that one that ends late takes nothing from one that began after it. */
export async function nextRun(database: Database, { schema }: Tables): Promise<number> {
  const [row] = await run<{ run: number }>(database, "SELECT nextval($1::regclass)::float8 AS run", [
    `${schema}.runs`,
  ]);
  return row?.run ?? 0;
}

/**
 * Documents of the source that neither this pass nor a later one met go, but for those of files and folders that could not be read;
 * and the chunks that stand nowhere any more.
 */
export async function removeGone(
  database: Database,
  tables: Tables,
  pass: { source: string; run: number; keeps: readonly string[] },
): Promise<{ documents: number; chunks: number }> {
  return database.transaction(async (transaction) => {
    // Their places go with them.
    const gone = await transaction.query(
      `DELETE FROM ${tables.documents} WHERE source = $1 AND run < $2 AND NOT EXISTS (
        SELECT FROM unnest($3::text[]) AS kept
        WHERE name = kept OR starts_with(name, kept || '#') OR (kept LIKE '%/' AND starts_with(name, kept))
      ) RETURNING 1`,
      [pass.source, pass.run, pass.keeps],
    );
    const standsNowhere = `NOT EXISTS (SELECT FROM ${tables.places} AS place WHERE place.chunk_id = row.id)`;
    const chunks = await transaction.query(
      `DELETE FROM ${tables.chunks} AS row WHERE ${standsNowhere} RETURNING 1`,
    );
    await transaction.query(`DELETE FROM ${tables.pending} AS row WHERE ${standsNowhere}`);
    await transaction.query(`DELETE FROM ${tables.refused} AS row WHERE ${standsNowhere}`);
    return { documents: gone.length, chunks: chunks.length };
  });
}

/** A chunk says where it stands first, also after the document that it came from has changed or is gone. */
export async function refreshMetadata(database: Database, tables: Tables): Promise<void> {
  await run(
    database,
    `UPDATE ${tables.chunks} AS chunk SET metadata = first.metadata FROM (
      SELECT DISTINCT ON (chunk_id) chunk_id, metadata FROM ${tables.places} ORDER BY chunk_id, document_id, position
    ) AS first WHERE chunk.id = first.chunk_id AND chunk.metadata <> first.metadata`,
  );
}

/** Of a folder's engine: a graph that does not fit is built many times slower. A server has its own setting. */
const folderBuildMemory = "1GB";

/**
 * The indexes of vectors and of words, made when the first chunks are in, which takes a fraction of the time that it takes
 * to grow with every row.
 */
export async function makeSearchIndex(
  database: Database,
  tables: Tables,
  { dimensions, vectorVersion }: IndexSettings,
): Promise<void> {
  const { kind, expression, operators } = vectorIndexFor(dimensions, vectorVersion);
  const { chunks, schema } = tables;
  await database.transaction(async (transaction) => {
    const [found] = await transaction.query<{ words: boolean; vectors: boolean }>(
      "SELECT to_regclass($1) IS NOT NULL AS words, to_regclass($2) IS NOT NULL AS vectors",
      [`${schema}.chunks_search`, `${schema}.chunks_embeddings`],
    );
    if (!found?.words)
      await transaction.query(`CREATE INDEX IF NOT EXISTS chunks_search ON ${chunks} USING gin (search)`);
    if (found?.vectors || kind === "none") return;
    if (!database.isShared)
      await transaction.query(`SET LOCAL maintenance_work_mem = '${folderBuildMemory}'`);
    await transaction.query(
      `CREATE INDEX IF NOT EXISTS chunks_embeddings ON ${chunks} USING hnsw (${expression} ${operators})`,
    );
  });
}
