/** the name of a schema -> its tables, and the statements that make them */
import type { Queryable } from "./database.ts";

/** The tables of an index, quoted and qualified. */
export interface Tables {
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

export function tablesOf(schema: string): Tables {
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

export async function tablesExist(transaction: Queryable, tables: Tables): Promise<boolean> {
  const [row] = await transaction.query<{ found: string | null }>("SELECT to_regclass($1)::text AS found", [
    tables.settings,
  ]);
  return row?.found != null;
}

/**
 * `chunks` has the columns that LlamaIndex's PGVectorStore asks for, `external_id` and `collection` among them;
 * LangChain's is told their names.
 * @param language a text search configuration of Postgres, a name of letters
 */
export async function makeTables(
  transaction: Queryable,
  tables: Tables,
  dimensions: number,
  language: string,
): Promise<void> {
  const { schema, settings, chunks, documents, places, pending, refused } = tables;
  const statements = [
    "CREATE EXTENSION IF NOT EXISTS vector",
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    `CREATE TABLE IF NOT EXISTS ${settings} (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      model text NOT NULL,
      profile_id text,
      profile jsonb NOT NULL,
      dimensions integer NOT NULL,
      chunk_size integer NOT NULL,
      chunk_overlap integer NOT NULL,
      language text NOT NULL DEFAULT '${language}',
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
}
