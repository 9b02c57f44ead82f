/** files, folders or a stream -> an index that holds their chunks with vectors, and nothing that is gone */
import { join, resolve } from "node:path";
import { TogetherClient } from "@together-retrieval/core";
import { explain } from "../explain.ts";
import { IngestError } from "../ingest-error.ts";
import { type Source, sourcesOf } from "../read/source.ts";
import { ChunkSplitter } from "../read/split.ts";
import {
  type AddOptions,
  type AddProgress,
  type AddSummary,
  type ResolvedAddOptions,
  resolveAddOptions,
} from "./add-options.ts";
import { type Database, isServer, openDatabase } from "./database.ts";
import { type ChunkToEmbed, embedChunks, TokenMeter } from "./embed-chunks.ts";
import { ensureSettings, type IndexSettings } from "./index-settings.ts";
import { fingerprintOf, tokenCounter } from "./profile.ts";
import { Register } from "./register.ts";
import { type Tables, tablesOf } from "./tables.ts";
import { makeSearchIndex, nextRun, refreshMetadata, removeGone } from "./tidy.ts";

/**
 * Reads the sources, embeds the chunks that the index does not have, and removes what is gone. Run again, it embeds
 * only what changed; stopped or killed, it loses at most the requests in flight, and goes on where it was.
 * With `redis` it only hands the chunks to workers.
 * @throws IngestError with the `kind` of what has to be put right; the signal's reason
 */
export async function addToIndex(options: AddOptions): Promise<AddSummary> {
  const resolved = resolveAddOptions(options);
  if (resolved.redis !== undefined && !isServer(resolved.to))
    throw new IngestError(
      "usage",
      "Workers share a Postgres server: with --redis, --to must be postgres://…",
    );
  try {
    const sources = await sourcesOf(resolved);
    const database = await openDatabase(resolved.to, { create: true, signal: resolved.signal });
    try {
      return await new Addition(resolved, database).run(sources);
    } finally {
      await database.close();
    }
  } catch (error) {
    throw explain(error);
  }
}

class Addition {
  readonly #options: ResolvedAddOptions;
  readonly #database: Database;
  readonly #tables: Tables;
  readonly #summary: AddSummary;
  #client: TogetherClient | undefined;

  constructor(options: ResolvedAddOptions, database: Database) {
    this.#options = options;
    this.#database = database;
    this.#tables = tablesOf(options.schema);
    this.#client = options.client;
    this.#summary = {
      ...{ documents: 0, unchanged: 0, chunks: 0, refused: 0, tokens: 0, bytes: 0, totalBytes: undefined },
      ...{ removedDocuments: 0, removedChunks: 0, unreadable: [] },
    };
  }

  async run(sources: Source[]): Promise<AddSummary> {
    const settings = await ensureSettings(this.#database, this.#tables, this.#options, () => this.#connect());
    const totals = sources.map(({ bytes }) => bytes);
    if (!totals.includes(undefined))
      this.#summary.totalBytes = totals.reduce<number>((sum, bytes = 0) => sum + bytes, 0);
    for (const source of sources) await this.#add(source, settings);
    if (this.#options.redis === undefined)
      await makeSearchIndex(this.#database, this.#tables, settings.dimensions);
    return { ...this.#summary };
  }

  async #add(source: Source, settings: IndexSettings): Promise<void> {
    const { signal } = this.#options;
    const unread: string[] = [];
    const run = await nextRun(this.#database, this.#tables);
    const register = this.#register({ source: source.name, run }, settings, unread);
    const documents = source.documents((name, error) => this.#leaveOut(name, error, unread));
    await this.#pass(stoppable(register.missing(documents), signal), register, settings);
    signal?.throwIfAborted();
    const removed = await removeGone(this.#database, this.#tables, {
      source: source.name,
      run,
      unread,
    });
    this.#summary.removedDocuments += removed.documents;
    this.#summary.removedChunks += removed.chunks;
    await refreshMetadata(this.#database, this.#tables);
  }

  #register(pass: { source: string; run: number }, settings: IndexSettings, unread: string[]): Register {
    const { model, profile, profileId, chunkSize, chunkOverlap } = settings;
    const splitter = new ChunkSplitter({
      ...{ chunkSize, chunkOverlap, fingerprint: fingerprintOf(model, profile) },
      counter: tokenCounter(model, profileId ?? false),
    });
    return new Register({
      ...{ database: this.#database, tables: this.#tables, splitter, ...pass },
      onDocument: (document, isChanged) => {
        this.#summary.documents++;
        if (!isChanged) this.#summary.unchanged++;
        this.#summary.bytes += document.bytes;
        this.#tell();
      },
      onUnreadable: (document, error) => this.#leaveOut(document.name, error, unread),
    });
  }

  async #pass(
    chunks: AsyncIterable<ChunkToEmbed>,
    register: Register,
    settings: IndexSettings,
  ): Promise<void> {
    const { redis, batchSize, priority } = this.#options;
    const shared = { database: this.#database, tables: this.#tables, settings, batchSize };
    if (redis !== undefined) {
      const { produce } = await import("../queue/produce.ts");
      await produce(chunks, {
        ...shared,
        redis,
        priority,
        onStored: (count) => this.#count(register, count, 0, 0),
      });
      return;
    }
    const client = this.#connect();
    await embedChunks(chunks, {
      ...{ ...shared, client, meter: new TokenMeter(client), refusedFile: this.#refusedFile() },
      onStored: ({ embedded, refused, tokens }) =>
        this.#count(register, embedded.length, refused.length, tokens),
    });
  }

  async #count(register: Register, chunks: number, refused: number, tokens: number): Promise<void> {
    this.#summary.chunks += chunks;
    this.#summary.refused += refused;
    this.#summary.tokens += tokens;
    await register.stored(chunks + refused);
    this.#tell();
  }

  #leaveOut(name: string, error: unknown, unread: string[]): void {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    unread.push(name);
    this.#summary.unreadable.push({ name, reason });
    this.#options.onWarning?.(`${reason} (left out)`);
  }

  #tell(): void {
    const { documents, unchanged, chunks, refused, tokens, bytes, totalBytes }: AddProgress = this.#summary;
    this.#options.onProgress?.({ documents, unchanged, chunks, refused, tokens, bytes, totalBytes });
  }

  #connect(): TogetherClient {
    this.#client ??= new TogetherClient();
    return this.#client;
  }

  #refusedFile(): string | undefined {
    const { to, refusedFile } = this.#options;
    return refusedFile ?? (isServer(to) ? undefined : join(resolve(to), "refused.jsonl"));
  }
}

/** Ends when the signal is aborted, so that what is on its way still arrives. */
async function* stoppable<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item> {
  for await (const item of items) {
    if (signal?.aborted) return;
    yield item;
  }
}

/** What may be wrong with one file and not with the others. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof IngestError) return error.kind === "source" ? error.message : undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined && path !== undefined && /^E(ACCES|PERM|ISDIR|NOENT|IO|BUSY)$/.test(code))
    return `Cannot read ${path}: ${code}`;
  return undefined;
}
