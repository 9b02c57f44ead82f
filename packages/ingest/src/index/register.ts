/** what was read -> its places in the index -> the chunks that have no vector yet, each once */

import { IngestError } from "../ingest-error.ts";
import type { Chunk } from "../read/chunk.ts";
import type { ReadEvent, SourceDocument, Unreadable } from "../read/source-document.ts";
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
}

/** What a pass meets: documents, when they are read or need no reading; what cannot be read; chunks that need a vector. */
export type PassEvent =
  | { kind: "document"; document: SourceDocument; isChanged: boolean }
  | Unreadable
  | { kind: "chunk"; chunk: Chunk };

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
 * One pass over a source. `pass` hands out chunks in order; `stored` is told when so many of them are safe, and marks
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

  async *pass(events: AsyncIterable<ReadEvent>): AsyncGenerator<PassEvent> {
    let batch: SourceDocument[] = [];
    for await (const event of events) {
      if (event.kind === "unreadable") {
        yield event;
        continue;
      }
      batch.push(event.document);
      if (batch.length < documentBatch) continue;
      yield* this.#meetAll(batch);
      batch = [];
    }
    yield* this.#meetAll(batch);
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

  async *#meetAll(documents: SourceDocument[]): AsyncGenerator<PassEvent> {
    if (documents.length === 0) return;
    const known = await this.#meet([...new Set(documents.map(({ name }) => name))]);
    for (const document of documents) {
      const { name, hash } = document;
      const found = known.get(name);
      // Two of one name would overwrite each other: readers give each its own, so this is a file named like a record.
      if (!found)
        yield { kind: "unreadable", name, reason: `${name} comes twice in the source`, keeps: name };
      else if (found.isWhole && hash !== undefined && found.hash === hash)
        yield { kind: "document", document, isChanged: false };
      else yield* this.#read(document, found.id);
      known.delete(name);
    }
    yield* this.#handOut();
  }

  async *#read(document: SourceDocument, id: string): AsyncGenerator<PassEvent> {
    let position = 0;
    try {
      for await (const chunk of this.#options.splitter.split(document)) {
        this.#places.push({ documentId: id, position: position++, chunk });
        if (this.#places.length >= chunkBatch) yield* this.#handOut();
      }
    } catch (error) {
      // A reader says what is wrong with its file in an IngestError; the database and a broken stream end the pass.
      if (!(error instanceof IngestError && error.kind === "source")) throw error;
      const { name } = document;
      yield { kind: "unreadable", name, reason: error.message, keeps: name };
      yield { kind: "document", document, isChanged: true };
      return;
    }
    // What cannot be known before reading equals no hash.
    this.#open.push({ id, hash: document.hash ?? "", places: position, handedOut: Number.NaN });
    yield { kind: "document", document, isChanged: true };
  }

  async *#handOut(): AsyncGenerator<PassEvent> {
    const places = this.#places;
    this.#places = [];
    const missing = places.length > 0 ? await this.#place(places) : new Set<string>();
    for (const { chunk } of places) {
      if (!missing.delete(chunk.id) || this.#inFlight.has(chunk.id)) continue;
      this.#inFlight.set(chunk.id, this.#handedOut++);
      yield { kind: "chunk", chunk };
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
