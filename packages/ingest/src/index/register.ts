/** documents -> their places in the index -> the chunks that have no vector yet, each once */
import type { Chunk } from "../read/chunk.ts";
import type { SourceDocument } from "../read/source-document.ts";
import type { ChunkSplitter } from "../read/split.ts";
import { storableJson } from "../read/storable.ts";
import type { Database, Queryable } from "./database.ts";
import type { Tables } from "./tables.ts";

/** Documents, and chunks, that share a statement. */
const documentBatch = 256;
const chunkBatch = 512;

export interface RegisterOptions {
  database: Database;
  tables: Tables;
  splitter: ChunkSplitter;
  /** Documents of one source are compared with what this source had before. */
  source: string;
  /** Marks the documents that this pass saw: the higher, the later it began. */
  run: number;
  /** Told of documents that are done with or need no work. */
  onDocument(document: SourceDocument, isChanged: boolean): void;
  /** A document whose reading failed. What it had before stays. */
  onUnreadable(document: SourceDocument, error: unknown): void;
}

interface KnownDocument {
  id: string;
  hash: string | null;
  isWhole: boolean;
}

/** A document whose chunks are all handed out; it counts as read when the last of them is stored. */
interface OpenDocument {
  id: string;
  hash: string;
  places: number;
  /** How many chunks had been handed out when its last one was. */
  handedOut: number;
}

/** A chunk and where it stands. */
interface Place {
  documentId: string;
  position: number;
  chunk: Chunk;
}

/**
 * One pass over a source. `missing` hands out chunks in order; `stored` is told when so many of them are safe, and marks
 * the documents that are complete with them. A crash leaves documents unmarked: the next pass reads them again, and finds
 * their stored chunks.
 */
export class Register {
  readonly #options: RegisterOptions;
  readonly #open: OpenDocument[] = [];
  /** Chunks handed out and not stored: an equal one is not handed out again. */
  readonly #inFlight = new Map<string, number>();
  #places: Place[] = [];
  #handedOut = 0;
  #stored = 0;

  constructor(options: RegisterOptions) {
    this.#options = options;
  }

  async *missing(documents: AsyncIterable<SourceDocument>): AsyncGenerator<Chunk> {
    let batch: SourceDocument[] = [];
    for await (const document of documents) {
      batch.push(document);
      if (batch.length < documentBatch) continue;
      yield* this.#missingOf(batch);
      batch = [];
    }
    yield* this.#missingOf(batch);
  }

  /** So many more chunks, in the order in which they were handed out, are stored, refused, or wait for a worker. */
  async stored(count: number): Promise<void> {
    this.#stored += count;
    for (const [id, at] of this.#inFlight) {
      if (at >= this.#stored) break;
      this.#inFlight.delete(id);
    }
    await this.#close();
  }

  async *#missingOf(documents: SourceDocument[]): AsyncGenerator<Chunk> {
    if (documents.length === 0) return;
    // A name that comes twice in a source would be two rows in one statement: the last one counts.
    const named = new Map(documents.map((document) => [document.name, document]));
    const known = await this.#meet([...named.keys()]);
    for (const document of named.values()) {
      const found = known.get(document.name);
      if (!found) continue;
      if (found.isWhole && document.hash !== undefined && found.hash === document.hash) {
        this.#options.onDocument(document, false);
      } else {
        yield* this.#read(document, found.id);
      }
    }
    yield* this.#handOut();
  }

  async *#read(document: SourceDocument, id: string): AsyncGenerator<Chunk> {
    let position = 0;
    try {
      for await (const chunk of this.#options.splitter.split(document)) {
        this.#places.push({ documentId: id, position: position++, chunk });
        if (this.#places.length >= chunkBatch) yield* this.#handOut();
      }
    } catch (error) {
      this.#options.onUnreadable(document, error);
      return;
    }
    // What cannot be known before reading equals no hash.
    this.#open.push({ id, hash: document.hash ?? "", places: position, handedOut: Number.NaN });
    this.#options.onDocument(document, true);
  }

  async *#handOut(): AsyncGenerator<Chunk> {
    const places = this.#places;
    this.#places = [];
    const missing = places.length > 0 ? await this.#place(places) : new Set<string>();
    for (const { chunk } of places) {
      if (!missing.delete(chunk.id) || this.#inFlight.has(chunk.id)) continue;
      this.#inFlight.set(chunk.id, this.#handedOut++);
      yield chunk;
    }
    for (const document of this.#open) {
      if (Number.isNaN(document.handedOut)) document.handedOut = this.#handedOut;
    }
    await this.#close();
  }

  /** Marks the documents as seen, and makes those that are new. */
  async #meet(names: string[]): Promise<Map<string, KnownDocument>> {
    const { database, tables, source, run } = this.#options;
    const rows = await database.transaction((transaction) =>
      transaction.query<KnownDocument & { name: string }>(
        `WITH met AS (
          INSERT INTO ${tables.documents} AS known (source, name, run) SELECT $1, name, $3 FROM unnest($2::text[]) AS name
          ON CONFLICT (source, name) DO UPDATE SET run = greatest(known.run, $3) RETURNING id, name, hash)
        SELECT id::text, name, hash, NOT EXISTS (
          SELECT FROM ${tables.places} WHERE document_id = met.id AND ${isMissing(tables, "chunk_id")}
        ) AS "isWhole" FROM met`,
        [source, names, run],
      ),
    );
    return new Map(rows.map((row) => [row.name, row]));
  }

  /** @returns the ids of chunks that are neither stored, nor refused, nor waiting */
  async #place(places: Place[]): Promise<Set<string>> {
    const { database, tables } = this.#options;
    const columns = [
      places.map(({ documentId }) => documentId),
      places.map(({ position }) => position),
      places.map(({ chunk }) => chunk.id),
      places.map(({ chunk }) => storableJson(chunk.metadata)),
    ];
    const missing = await database.transaction(async (transaction) => {
      await transaction.query(
        `INSERT INTO ${tables.places} (document_id, position, chunk_id, metadata)
        SELECT * FROM unnest($1::bigint[], $2::integer[], $3::uuid[], $4::jsonb[])
        ON CONFLICT (document_id, position)
        DO UPDATE SET chunk_id = excluded.chunk_id, metadata = excluded.metadata`,
        columns,
      );
      // From here on it is neither what it was nor what it will be: only its end makes it count as read.
      await transaction.query(
        `UPDATE ${tables.documents} SET hash = NULL WHERE id = ANY($1::bigint[]) AND hash IS NOT NULL`,
        [[...new Set(places.map(({ documentId }) => documentId))]],
      );
      return findMissing(transaction, tables, columns[2] as string[]);
    });
    return new Set(missing);
  }

  /** Documents whose chunks are all stored: the places beyond their end go, and their hash is kept. */
  async #close(): Promise<void> {
    const complete = this.#open.findIndex(({ handedOut }) => !(handedOut <= this.#stored));
    const documents = this.#open.splice(0, complete < 0 ? this.#open.length : complete);
    if (documents.length === 0) return;
    const { database, tables } = this.#options;
    const columns = [
      documents.map(({ id }) => id),
      documents.map(({ hash }) => hash),
      documents.map(({ places }) => places),
    ];
    const closed = `unnest($1::bigint[], $2::text[], $3::integer[]) AS closed (id, hash, places)`;
    await database.transaction(async (transaction) => {
      await transaction.query(
        `DELETE FROM ${tables.places} USING ${closed} WHERE document_id = closed.id AND position >= closed.places`,
        columns,
      );
      await transaction.query(
        `UPDATE ${tables.documents} AS document SET hash = closed.hash FROM ${closed} WHERE document.id = closed.id`,
        columns,
      );
    });
  }
}

function isMissing({ chunks, pending, refused }: Tables, id: string): string {
  return [chunks, pending, refused]
    .map((table) => `NOT EXISTS (SELECT FROM ${table} AS other WHERE other.id = ${id})`)
    .join(" AND ");
}

async function findMissing(transaction: Queryable, tables: Tables, ids: string[]): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT DISTINCT wanted::text AS id FROM unnest($1::uuid[]) AS wanted WHERE ${isMissing(tables, "wanted")}`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
