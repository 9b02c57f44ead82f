/** Documents and their chunks -> places in the index -> the chunks that have no vector yet, each once. */

import { IngestError } from "../ingest-error.ts";
import type { Chunk } from "../read/chunk.ts";
import type { ReadEvent, SourceDocument, Unreadable } from "../read/source-document.ts";
import type { ChunkSplitter } from "../read/split.ts";

/** Documents, and chunks, that share a statement. */
const documentBatch = 256;
const chunkBatch = 512;

/** The operations that the register needs from the database. */
export interface RegisterTables {
  /** Marks the documents as seen, makes those that are new, and says what is known of each. */
  meet(source: string, run: number, names: string[]): Promise<Map<string, KnownDocument>>;
  /** Writes where chunks stand. @returns the ids of those that are neither stored, nor refused, nor waiting */
  place(places: Place[]): Promise<Set<string>>;
  /** Deletes places beyond the end of the documents, and stores their hashes. */
  close(documents: ClosedDocument[]): Promise<void>;
}

export interface RegisterOptions {
  tables: RegisterTables;
  splitter: ChunkSplitter;
  /** Documents of one source are compared with what this source had before. */
  source: string;
  /** Marks the documents that this pass saw: the higher, the later it began. */
  run: number;
}

/** The events of a pass: documents that were read or have not changed, unreadable files, and chunks that need a vector. */
export type PassEvent =
  | { kind: "document"; document: SourceDocument; isChanged: boolean }
  | Unreadable
  | { kind: "chunk"; chunk: Chunk };

export interface KnownDocument {
  id: string;
  /** Of its content when it was last read to its end. */
  hash: string | null;
  /** Whether each of its chunks is stored, refused, or waiting. */
  isWhole: boolean;
}

export interface ClosedDocument {
  id: string;
  hash: string;
  /** How many chunks it has. */
  places: number;
}

/** A document whose chunks are all handed out; it counts as read when the last of them is stored. */
interface OpenDocument extends ClosedDocument {
  /** How many chunks had been handed out when its last one was. */
  handedOut: number;
}

/** A chunk and where it stands. */
export interface Place {
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
    const { tables, source, run } = this.#options;
    const known = await tables.meet(source, run, [...new Set(documents.map(({ name }) => name))]);
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
    // A document without a known hash always counts as changed.
    this.#open.push({ id, hash: document.hash ?? "", places: position, handedOut: Number.NaN });
    yield { kind: "document", document, isChanged: true };
  }

  async *#handOut(): AsyncGenerator<PassEvent> {
    const places = this.#places;
    this.#places = [];
    const missing = places.length > 0 ? await this.#options.tables.place(places) : new Set<string>();
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

  /** Documents whose chunks are all stored. */
  async #close(): Promise<void> {
    const complete = this.#open.findIndex(({ handedOut }) => !(handedOut <= this.#stored));
    const documents = this.#open.splice(0, complete < 0 ? this.#open.length : complete);
    if (documents.length > 0) await this.#options.tables.close(documents);
  }
}
