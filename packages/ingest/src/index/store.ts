/** chunks with their vectors, or with their refusals -> rows, in one transaction that may be repeated */
import type { TogetherApiError } from "@together-retrieval/core";
import type { Chunk } from "../read/chunk.ts";
import { storableJson } from "../read/storable.ts";
import type { Database, Queryable } from "./database.ts";
import type { Tables } from "./tables.ts";

export interface EmbeddedChunk {
  chunk: Pick<Chunk, "id" | "text" | "metadata">;
  vector: number[];
}

export interface RefusedChunk {
  chunk: Pick<Chunk, "id" | "text" | "metadata">;
  error: TogetherApiError;
}

export interface Outcome {
  embedded: EmbeddedChunk[];
  refused: RefusedChunk[];
  /** Prompt tokens that were counted since the last write. */
  tokens: number;
}

/** Chunks that are there already stay as they are: their vector is the same. */
export async function store(database: Database, tables: Tables, outcome: Outcome): Promise<void> {
  const { embedded, refused, tokens } = outcome;
  const ids = [...embedded, ...refused].map(({ chunk }) => chunk.id);
  await database.transaction(async (transaction) => {
    if (embedded.length > 0) await insertChunks(transaction, tables, embedded);
    if (refused.length > 0) await insertRefused(transaction, tables, refused);
    if (ids.length > 0) {
      await transaction.query(`DELETE FROM ${tables.pending} WHERE id = ANY($1::uuid[])`, [ids]);
      const done = embedded.map(({ chunk }) => chunk.id);
      await transaction.query(`DELETE FROM ${tables.refused} WHERE id = ANY($1::uuid[])`, [done]);
    }
    // Last: the one row that all workers write is held for as short a time as can be.
    if (tokens > 0) await transaction.query(`UPDATE ${tables.settings} SET tokens = tokens + $1`, [tokens]);
  });
}

async function insertChunks(
  transaction: Queryable,
  { chunks }: Tables,
  rows: EmbeddedChunk[],
): Promise<void> {
  // In the order of their ids, so that two writers never wait for each other.
  const sorted = rows.toSorted((a, b) => (a.chunk.id < b.chunk.id ? -1 : 1));
  await transaction.query(
    `INSERT INTO ${chunks} (id, document, metadata, embeddings)
    SELECT id, document, metadata, vector::vector
    FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::text[]) AS row (id, document, metadata, vector)
    ON CONFLICT (id) DO NOTHING`,
    [
      sorted.map(({ chunk }) => chunk.id),
      sorted.map(({ chunk }) => chunk.text),
      sorted.map(({ chunk }) => storableJson(chunk.metadata)),
      sorted.map(({ vector }) => `[${vector.join(",")}]`),
    ],
  );
}

async function insertRefused(
  transaction: Queryable,
  { refused }: Tables,
  rows: RefusedChunk[],
): Promise<void> {
  await transaction.query(
    `INSERT INTO ${refused} (id, document, metadata, error, status)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::text[], $5::integer[])
    ON CONFLICT (id) DO UPDATE SET error = excluded.error, status = excluded.status, refused_at = now()`,
    [
      rows.map(({ chunk }) => chunk.id),
      rows.map(({ chunk }) => chunk.text),
      rows.map(({ chunk }) => storableJson(chunk.metadata)),
      rows.map(({ error }) => error.message),
      rows.map(({ error }) => error.status),
    ],
  );
}
