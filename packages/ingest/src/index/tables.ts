/** the name of a schema -> its tables, the statements that make them and their indexes, and the row of settings */
import type { Queryable } from "./database.ts";
import type { StoredProfile } from "./profile.ts";
import { vectorIndexFor } from "./vector-index.ts";

/** The tables of an index, quoted and qualified. */
export interface TableNames {
  schema: string;
  /** One row: the model, its profile and dimensions, how texts are split. */
  settings: string;
  /** One row a chunk, with its vector. What both frameworks read. */
  chunks: string;
  /** What was read: one row a file, or a record of a JSONL or CSV file. */
  documents: string;
  /** Which chunks a document has, and where. */
  places: string;
  /** Chunks that wait for a worker. */
  pending: string;
  /** Chunks that the API refused, with its words. */
  refused: string;
}

export function tableNames(schema: string): TableNames {
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  const table = (name: string) => `${quoted}."${name}"`;
  return {
    schema: quoted,
    settings: table("settings"),
    chunks: table("chunks"),
    documents: table("documents"),
    places: table("places"),
    pending: table("pending_chunks"),
    refused: table("refused_chunks"),
  };
}

/** What an index is made with. Its chunks' vectors come from this model and profile, all of them. */
export interface IndexSettings {
  /** Names the index on machines that share a queue. */
  id: string;
  model: string;
  /** The id of the known model whose profile it is; null for a profile of the user's own, or none. */
  profileId: string | null;
  profile: StoredProfile;
  /** Length of every vector. */
  dimensions: number;
  /** Tokens in a chunk at most, and how many of them it shares with the one before. */
  chunkSize: number;
  chunkOverlap: number;
  /** Prompt tokens that the API counted, over all runs and workers. */
  tokens: number;
  /** Of the words of the chunks: a text search configuration of Postgres. */
  language: string;
  /** The name under which the server answered first; null before that, and where it names none. */
  answeredBy: string | null;
  /** Of pgvector. */
  vectorVersion: string;
}

/** What a new index is made with. */
export type NewSettings = Omit<IndexSettings, "id" | "tokens" | "vectorVersion" | "answeredBy">;

export async function findSettings(
  transaction: Queryable,
  { settings }: TableNames,
): Promise<IndexSettings | undefined> {
  const [table] = await transaction.query<{ found: string | null }>("SELECT to_regclass($1)::text AS found", [
    settings,
  ]);
  if (!table?.found) return undefined;
  const [row] = await transaction.query<IndexSettings>(
    `SELECT id, model, profile_id AS "profileId", profile, dimensions, chunk_size AS "chunkSize",
      chunk_overlap AS "chunkOverlap", tokens::float8 AS tokens, language, answered_by AS "answeredBy",
      (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS "vectorVersion" FROM ${settings}`,
  );
  return row;
}

/**
 * `chunks` has the columns that LlamaIndex's PGVectorStore asks for, `external_id` and `collection` among them;
 * LangChain's is told their names.
 */
export async function makeTables(
  transaction: Queryable,
  names: TableNames,
  { model, profileId, profile, dimensions, chunkSize, chunkOverlap, language }: NewSettings,
): Promise<void> {
  const { schema, settings, chunks, documents, places, pending, refused } = names;
  const statements = [
    "CREATE EXTENSION IF NOT EXISTS vector",
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    `CREATE TABLE IF NOT EXISTS ${settings} (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      model text NOT NULL,
      answered_by text,
      profile_id text,
      profile jsonb NOT NULL,
      dimensions integer NOT NULL,
      chunk_size integer NOT NULL,
      chunk_overlap integer NOT NULL,
      language text NOT NULL,
      tokens bigint NOT NULL DEFAULT 0)`,
    `CREATE TABLE IF NOT EXISTS ${chunks} (
      id uuid PRIMARY KEY,
      document text NOT NULL,
      metadata jsonb NOT NULL DEFAULT '{}',
      embeddings vector(${dimensions}) NOT NULL,
      external_id varchar,
      collection varchar,
      search tsvector GENERATED ALWAYS AS (to_tsvector('${language}', document)) STORED)`,
    `CREATE TABLE IF NOT EXISTS ${documents} (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      source text NOT NULL,
      name text NOT NULL,
      hash text,
      run bigint NOT NULL,
      UNIQUE (source, name))`,
    `CREATE TABLE IF NOT EXISTS ${places} (
      document_id bigint NOT NULL REFERENCES ${documents} ON DELETE CASCADE,
      position integer NOT NULL,
      chunk_id uuid NOT NULL,
      metadata jsonb NOT NULL,
      PRIMARY KEY (document_id, position))`,
    `CREATE INDEX IF NOT EXISTS places_chunk_id ON ${places} (chunk_id)`,
    `CREATE TABLE IF NOT EXISTS ${pending} (
      id uuid PRIMARY KEY,
      document text NOT NULL,
      metadata jsonb NOT NULL,
      range bigint NOT NULL)`,
    `CREATE INDEX IF NOT EXISTS pending_chunks_range ON ${pending} (range)`,
    `CREATE SEQUENCE IF NOT EXISTS ${schema}.ranges`,
    `CREATE SEQUENCE IF NOT EXISTS ${schema}.runs`,
    `CREATE TABLE IF NOT EXISTS ${refused} (
      id uuid PRIMARY KEY,
      document text NOT NULL,
      metadata jsonb NOT NULL,
      error text NOT NULL,
      status integer,
      refused_at timestamptz NOT NULL DEFAULT now())`,
  ];
  for (const statement of statements) await transaction.query(statement);
  await transaction.query(
    `INSERT INTO ${settings} (model, profile_id, profile, dimensions, chunk_size, chunk_overlap, language)
    SELECT $1, $2, $3::jsonb, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT FROM ${settings})`,
    [model, profileId, JSON.stringify(profile), dimensions, chunkSize, chunkOverlap, language],
  );
}

/** Of a folder's engine: a graph that does not fit is built many times slower. A server has its own setting. */
const folderBuildMemory = "1GB";

/**
 * The indexes of vectors and of words, made when the first chunks are in, which takes a fraction of the time that it takes
 * to grow with every row.
 */
export async function makeSearchIndexes(
  transaction: Queryable,
  { chunks, schema }: TableNames,
  { dimensions, vectorVersion }: Pick<IndexSettings, "dimensions" | "vectorVersion">,
  isShared: boolean,
): Promise<void> {
  const { kind, expression, operators } = vectorIndexFor(dimensions, vectorVersion);
  const [found] = await transaction.query<{ words: boolean; vectors: boolean }>(
    "SELECT to_regclass($1) IS NOT NULL AS words, to_regclass($2) IS NOT NULL AS vectors",
    [`${schema}.chunks_search`, `${schema}.chunks_embeddings`],
  );
  if (!found?.words)
    await transaction.query(`CREATE INDEX IF NOT EXISTS chunks_search ON ${chunks} USING gin (search)`);
  if (found?.vectors || kind === "none") return;
  if (!isShared) await transaction.query(`SET LOCAL maintenance_work_mem = '${folderBuildMemory}'`);
  await transaction.query(
    `CREATE INDEX IF NOT EXISTS chunks_embeddings ON ${chunks} USING hnsw (${expression} ${operators})`,
  );
}

/** SQL: whether the chunk is neither stored, nor refused, nor waiting. */
export function isMissing({ chunks, pending, refused }: TableNames, id: string): string {
  return [chunks, pending, refused]
    .map((table) => `NOT EXISTS (SELECT FROM ${table} AS other WHERE other.id = ${id})`)
    .join(" AND ");
}

export async function nextOf(
  transaction: Queryable,
  { schema }: TableNames,
  sequence: "runs" | "ranges",
): Promise<number> {
  const sql = "SELECT nextval($1::regclass)::float8 AS next";
  const [row] = await transaction.query<{ next: number }>(sql, [`${schema}.${sequence}`]);
  return row?.next ?? 0;
}
