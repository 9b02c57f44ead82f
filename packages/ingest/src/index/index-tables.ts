/** The operations of an index -> SQL statements on its tables, each in a transaction that may be repeated. */
import type { TogetherApiError } from "@together-retrieval/core";
import type { Chunk } from "../read/chunk.ts";
import { storableJson } from "../read/storable.ts";
import { type Database, type Queryable, run } from "./database.ts";
import { type FindOptions, type FoundChunk, findChunks } from "./find-chunks.ts";
import { expectSameModel } from "./same-model.ts";
import { SourceTables } from "./source-tables.ts";
import type { IndexSettings } from "./tables.ts";
import {
  findSettings,
  isMissing,
  makeSearchIndexes,
  makeTables,
  type NewSettings,
  nextOf,
  type TableNames,
  tableNames,
} from "./tables.ts";

/** A chunk without its vector. */
export type ChunkToEmbed = Pick<Chunk, "id" | "text" | "metadata">;

export interface EmbeddedChunk {
  chunk: ChunkToEmbed;
  vector: number[];
}

export interface RefusedChunk {
  chunk: ChunkToEmbed;
  error: TogetherApiError;
}

export interface Outcome {
  embedded: EmbeddedChunk[];
  refused: RefusedChunk[];
  /** Prompt tokens that were counted since the last write. */
  tokens: number;
  /** The model that answered, where its server names one. */
  answeredBy?: string | undefined;
}

export interface IndexCounts {
  documents: number;
  unfinished: number;
  chunks: number;
  pending: number;
  refused: number;
  hasSearchIndex: boolean;
  bytes: number;
}

const pageSize = 1_000;
const firstId = "00000000-0000-0000-0000-000000000000";

/** The tables of an index. All SQL on them is here and in `sources`; other files call these methods. */
export class IndexTables {
  readonly schema: string;
  /** Documents, and where their chunks stand. */
  readonly sources: SourceTables;
  readonly #database: Database;
  readonly #names: TableNames;

  constructor(database: Database, schema: string) {
    this.#database = database;
    this.#names = tableNames(schema);
    this.sources = new SourceTables(database, this.#names);
    this.schema = schema;
  }

  // The index itself.

  settings(): Promise<IndexSettings | undefined> {
    return this.#database.transaction((transaction) => findSettings(transaction, this.#names));
  }

  /** If two processes make the index at the same time, there is one index, with the settings of the first. */
  async make(settings: NewSettings): Promise<void> {
    await this.#database.transaction((transaction) => makeTables(transaction, this.#names, settings));
  }

  async setSplitting(chunkSize: number, chunkOverlap: number): Promise<void> {
    const { settings } = this.#names;
    await this.#run(`UPDATE ${settings} SET chunk_size = $1, chunk_overlap = $2`, [chunkSize, chunkOverlap]);
  }

  /** Forgets the name of the model, so that the next answer's name is stored. */
  async forgetAnsweredBy(): Promise<void> {
    await this.#run(`UPDATE ${this.#names.settings} SET answered_by = NULL`);
  }

  /** The indexes of vectors and of words, where they are not there yet. */
  async makeSearchIndexes(settings: IndexSettings): Promise<void> {
    const { isShared } = this.#database;
    await this.#database.transaction((transaction) =>
      makeSearchIndexes(transaction, this.#names, settings, isShared),
    );
  }

  nearest(settings: IndexSettings, options: FindOptions): Promise<FoundChunk[]> {
    return this.#database.transaction((transaction) =>
      findChunks(transaction, this.#names, settings, options),
    );
  }

  // Chunks.

  /**
   * Stored chunks are not changed, because their vectors are the same.
   * @throws IngestError, with nothing written, when another model answered than the one that the index keeps
   */
  async store({ embedded, refused, tokens, answeredBy }: Outcome): Promise<void> {
    const ids = [...embedded, ...refused].map(({ chunk }) => chunk.id);
    const done = embedded.map(({ chunk }) => chunk.id);
    await this.#database.transaction(async (transaction) => {
      if (embedded.length > 0) await this.#insertChunks(transaction, embedded);
      if (refused.length > 0) await this.#insertRefused(transaction, refused);
      await transaction.query(`DELETE FROM ${this.#names.pending} WHERE id = ANY($1::uuid[])`, [ids]);
      await transaction.query(`DELETE FROM ${this.#names.refused} WHERE id = ANY($1::uuid[])`, [done]);
      if (tokens === 0 && answeredBy === undefined) return;
      // Last, because all workers write this row: so it is locked for as short a time as possible.
      const [kept] = await transaction.query<{ name: string | null }>(
        `UPDATE ${this.#names.settings} SET tokens = tokens + $1, answered_by = coalesce(answered_by, $2)
        RETURNING answered_by AS name`,
        [tokens, answeredBy ?? null],
      );
      expectSameModel(kept?.name, answeredBy);
    });
  }

  async #insertChunks(transaction: Queryable, rows: EmbeddedChunk[]): Promise<void> {
    // Sorted by id, so that two writers never wait for each other.
    const sorted = rows.toSorted((a, b) => (a.chunk.id < b.chunk.id ? -1 : 1));
    await transaction.query(
      `INSERT INTO ${this.#names.chunks} (id, document, metadata, embeddings)
      SELECT id, document, metadata, vector::vector
      FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::text[]) AS row (id, document, metadata, vector)
      ON CONFLICT (id) DO NOTHING`,
      [...columnsOf(sorted.map(({ chunk }) => chunk)), sorted.map(({ vector }) => `[${vector.join(",")}]`)],
    );
  }

  async #insertRefused(transaction: Queryable, rows: RefusedChunk[]): Promise<void> {
    await transaction.query(
      `INSERT INTO ${this.#names.refused} (id, document, metadata, error, status)
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::text[], $5::integer[])
      ON CONFLICT (id) DO UPDATE SET error = excluded.error, status = excluded.status, refused_at = now()`,
      [
        ...columnsOf(rows.map(({ chunk }) => chunk)),
        rows.map(({ error }) => error.message),
        rows.map(({ error }) => error.status),
      ],
    );
  }

  /** Chunks wait for a worker, as one range. @returns its number */
  async wait(chunks: ChunkToEmbed[]): Promise<number> {
    return this.#database.transaction(async (transaction) => {
      const range = await nextOf(transaction, this.#names, "ranges");
      await transaction.query(
        `INSERT INTO ${this.#names.pending} (id, document, metadata, range)
        SELECT id, document, metadata, $4 FROM unnest($1::uuid[], $2::text[], $3::jsonb[]) AS row (id, document, metadata)
        ON CONFLICT (id) DO NOTHING`,
        [...columnsOf(chunks), range],
      );
      return range;
    });
  }

  /** The chunks of a range that have no vector yet. */
  async takeRange(range: number): Promise<ChunkToEmbed[]> {
    const { pending, chunks } = this.#names;
    return this.#database.transaction(async (transaction) => {
      await transaction.query(
        `DELETE FROM ${pending} AS row USING ${chunks} AS chunk WHERE row.range = $1 AND chunk.id = row.id`,
        [range],
      );
      return transaction.query<ChunkToEmbed>(
        `SELECT id::text, document AS text, metadata FROM ${pending} WHERE range = $1`,
        [range],
      );
    });
  }

  async waitingRanges(): Promise<number[]> {
    const sql = `SELECT DISTINCT range::float8 AS range FROM ${this.#names.pending} LIMIT 10000`;
    return (await this.#run<{ range: number }>(sql)).map(({ range }) => range);
  }

  // Counts and contents.

  async counts(): Promise<IndexCounts> {
    const { documents, chunks, pending, refused, schema } = this.#names;
    const [row] = await this.#run<IndexCounts>(
      `SELECT (SELECT count(*)::integer FROM ${documents}) AS documents,
        (SELECT count(*)::integer FROM ${documents} WHERE hash IS NULL) AS unfinished,
        (SELECT count(*)::integer FROM ${chunks}) AS chunks,
        (SELECT count(*)::integer FROM ${pending}) AS pending,
        (SELECT count(*)::integer FROM ${refused}) AS refused,
        to_regclass($1) IS NOT NULL AS "hasSearchIndex",
        pg_total_relation_size($2::regclass)::float8 AS bytes`,
      [`${schema}.chunks_embeddings`, chunks],
    );
    return row as IndexCounts;
  }

  /** Chunks of documents that are nowhere, chunks that no document has, and chunks that are stored and refused. */
  async countFaults(): Promise<Record<"lost" | "homeless" | "both", number>> {
    const { places, chunks, refused } = this.#names;
    const [row] = await this.#run<Record<"lost" | "homeless" | "both", number>>(
      `SELECT
        (SELECT count(DISTINCT chunk_id)::integer FROM ${places} AS place WHERE ${isMissing(this.#names, "place.chunk_id")}) AS lost,
        (SELECT count(*)::integer FROM ${chunks} AS chunk
          WHERE NOT EXISTS (SELECT FROM ${places} AS place WHERE place.chunk_id = chunk.id)) AS homeless,
        (SELECT count(*)::integer FROM ${chunks} JOIN ${refused} USING (id)) AS both`,
    );
    return row as Record<"lost" | "homeless" | "both", number>;
  }

  /** Every chunk with its vector, in the order of their ids. */
  async *chunks(): AsyncGenerator<ChunkToEmbed & { vector: number[] }> {
    const rows = this.#pages<{ vector: string }>(this.#names.chunks, "embeddings::text AS vector");
    for await (const row of rows) yield { ...row, vector: JSON.parse(row.vector) as number[] };
  }

  /** Every chunk with what its vector can be checked by. */
  checks(): AsyncGenerator<ChunkToEmbed & { dimensions: number; length: number }> {
    const columns = "vector_dims(embeddings) AS dimensions, vector_norm(embeddings) AS length";
    return this.#pages(this.#names.chunks, columns);
  }

  refused(): AsyncGenerator<ChunkToEmbed> {
    return this.#pages(this.#names.refused, "status");
  }

  /** Reads pages by id, so that writes in the meantime neither repeat a row nor hide one. */
  async *#pages<Own>(table: string, columns: string): AsyncGenerator<ChunkToEmbed & Own> {
    for (let after = firstId; ; ) {
      // `chunk.id` is the column. A plain `id` would be the text of the result, which no index sorts.
      const rows = await this.#run<ChunkToEmbed & Own>(
        `SELECT id::text, document AS text, metadata, ${columns}
        FROM ${table} AS chunk WHERE id > $1 ORDER BY chunk.id LIMIT $2`,
        [after, pageSize],
      );
      yield* rows;
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
    }
  }

  #run<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return run<Row>(this.#database, sql, parameters);
  }
}

function columnsOf(chunks: ChunkToEmbed[]): [ids: string[], texts: string[], metadata: string[]] {
  return [
    chunks.map(({ id }) => id),
    chunks.map(({ text }) => text),
    chunks.map(({ metadata }) => storableJson(metadata)),
  ];
}
