/** Files, folders or a stream -> an index with their chunks and vectors, without chunks whose source is gone. */

import { join, resolve } from "node:path";
import { TogetherClient } from "@together-retrieval/core";
import { explain } from "../explain.ts";
import { IngestError } from "../ingest-error.ts";
import { orInstall } from "../queue/load-queue.ts";
import { type Source, sourcesOf } from "../read/source.ts";
import type { SourceDocument, Unreadable } from "../read/source-document.ts";
import { ChunkSplitter } from "../read/split.ts";
import {
  type AddOptions,
  type AddProgress,
  type AddSummary,
  type ResolvedAddOptions,
  resolveAddOptions,
} from "./add-options.ts";
import { isServer } from "./database.ts";
import { embedChunks, TokenMeter } from "./embed-chunks.ts";
import { ensureSettings } from "./index-settings.ts";
import { type ChunkToEmbed, IndexTables } from "./index-tables.ts";
import { openDatabase } from "./open-database.ts";
import { fingerprintOf, tokenCounter } from "./profile.ts";
import { type PassEvent, Register } from "./register.ts";
import type { IndexSettings } from "./tables.ts";
import { describeVectorIndex, vectorIndexFor } from "./vector-index.ts";

/**
 * Reads the sources, embeds the chunks that the index does not have, and removes what is gone. Run again, it embeds
 * only what changed; stopped or killed, it loses at most the requests in flight, and goes on where it was.
 * With `redis` it only hands the chunks to workers.
 * @throws IngestError with the `kind` of what has to be put right; the signal's reason
 */
export async function addToIndex(options: AddOptions): Promise<AddSummary> {
  const resolved = resolveAddOptions(options);
  resolved.signal?.throwIfAborted();
  if (resolved.redis !== undefined && !isServer(resolved.to))
    throw new IngestError(
      "usage",
      "Workers share a Postgres server: with --redis, --to must be postgres://…",
    );
  try {
    const sources = await sourcesOf(resolved);
    const database = await openDatabase(resolved.to, { create: true, signal: resolved.signal });
    try {
      return await new Addition(resolved, new IndexTables(database, resolved.schema)).run(sources);
    } finally {
      await database.close();
    }
  } catch (error) {
    throw explain(error, resolved.signal);
  }
}

class Addition {
  readonly #options: ResolvedAddOptions;
  readonly #tables: IndexTables;
  readonly #summary: AddSummary;
  #client: TogetherClient | undefined;

  constructor(options: ResolvedAddOptions, tables: IndexTables) {
    this.#options = options;
    this.#tables = tables;
    this.#client = options.client;
    this.#summary = {
      ...{ documents: 0, unchanged: 0, chunks: 0, refused: 0, tokens: 0, bytes: 0, totalBytes: undefined },
      ...{ removedDocuments: 0, removedChunks: 0, repeatedIds: 0 },
      ...{ unreadable: [], unreadableCount: 0, skippedFiles: 0, skippedEndings: [], searchIndex: "" },
    };
  }

  async run(sources: Source[]): Promise<AddSummary> {
    const settings = await ensureSettings(this.#tables, this.#options, () => this.#connect());
    const { kind } = vectorIndexFor(settings.dimensions, settings.vectorVersion);
    this.#summary.searchIndex = describeVectorIndex(kind, settings.dimensions, settings.vectorVersion);
    const totals = sources.map(({ bytes }) => bytes);
    if (!totals.includes(undefined))
      this.#summary.totalBytes = totals.reduce<number>((sum, bytes = 0) => sum + bytes, 0);
    this.#countOthers(sources);
    for (const source of sources) await this.#add(source, settings);
    if (this.#options.redis === undefined) await this.#tables.makeSearchIndexes(settings);
    return { ...this.#summary };
  }

  #countOthers(sources: Source[]): void {
    const others = sources.flatMap((source) => [...source.others]);
    this.#summary.skippedFiles = others.reduce((sum, [, count]) => sum + count, 0);
    this.#summary.skippedEndings = [...new Set(others.map(([ending]) => ending))].toSorted();
  }

  async #add(source: Source, settings: IndexSettings): Promise<void> {
    const { signal } = this.#options;
    const run = await this.#tables.sources.nextRun();
    const register = this.#register({ source: source.name, run }, settings);
    const pass: Pass = { keeps: new Set(), warnings: new Map() };
    await this.#pass(this.#chunks(register.pass(source.read()), pass), register, settings);
    signal?.throwIfAborted();
    this.#tellHidden(pass);
    const removed = await this.#tables.sources.removeGone({
      source: source.name,
      run,
      keeps: [...pass.keeps],
    });
    this.#summary.removedDocuments += removed.documents;
    this.#summary.removedChunks += removed.chunks;
    await this.#tables.sources.refreshMetadata();
  }

  #register(pass: { source: string; run: number }, settings: IndexSettings): Register {
    const { model, profile, profileId, chunkSize, chunkOverlap } = settings;
    const splitter = new ChunkSplitter({
      ...{ chunkSize, chunkOverlap, fingerprint: fingerprintOf(model, profile) },
      counter: tokenCounter(model, profileId ?? false),
    });
    return new Register({ tables: this.#tables.sources, splitter, ...pass });
  }

  /** Counts the events of the pass, and yields its chunks. It ends when the signal is aborted, so that requests in flight still arrive. */
  async *#chunks(events: AsyncIterable<PassEvent>, pass: Pass): AsyncGenerator<ChunkToEmbed> {
    for await (const event of events) {
      if (this.#options.signal?.aborted) return;
      if (event.kind === "chunk") yield event.chunk;
      else if (event.kind === "unreadable") this.#leaveOut(event, pass);
      else this.#met(event.document, event.isChanged, pass);
    }
  }

  #met({ name, bytes, repeats }: SourceDocument, isChanged: boolean, pass: Pass): void {
    this.#summary.documents++;
    if (!isChanged) this.#summary.unchanged++;
    this.#summary.bytes += bytes;
    if (repeats !== undefined) {
      this.#summary.repeatedIds++;
      this.#warn(`${fileOf(name)} repeated`, repeats, pass);
    }
    this.#tell();
  }

  /** For a file in which many lines are wrong, only the first are named, and the rest are counted. */
  #leaveOut({ name, reason, keeps }: Unreadable, pass: Pass): void {
    this.#summary.unreadableCount++;
    const isTold = this.#warn(`${fileOf(keeps)} unreadable`, `${reason} (left out)`, pass);
    if (isTold) this.#summary.unreadable.push({ name, reason });
    pass.keeps.add(isTold ? keeps : fileOf(keeps));
  }

  /** @returns whether it was told, or is only counted */
  #warn(kind: string, message: string, { warnings }: Pass): boolean {
    const count = (warnings.get(kind) ?? 0) + 1;
    warnings.set(kind, count);
    if (count > mostWarnings) return false;
    this.#options.onWarning?.(message);
    return true;
  }

  #tellHidden({ warnings }: Pass): void {
    for (const [kind, count] of warnings) {
      const more = count - mostWarnings;
      if (more > 0) this.#options.onWarning?.(`${kind}: ${more} more of its records, ${count} in all`);
    }
  }

  async #pass(
    chunks: AsyncIterable<ChunkToEmbed>,
    register: Register,
    settings: IndexSettings,
  ): Promise<void> {
    const { redis, batchSize, priority } = this.#options;
    const shared = { tables: this.#tables, settings, batchSize };
    if (redis !== undefined) {
      const { produce } = await orInstall(import("../queue/produce.ts"));
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

/** What a pass over a source must remember. */
interface Pass {
  /** The names of unreadable files and folders, whose chunks stay in the index. */
  keeps: Set<string>;
  /** How many warnings there were of each kind. */
  warnings: Map<string, number>;
}

/** Lines of warning of one kind and file, and its entries in `unreadable`. */
const mostWarnings = 20;

/** The file of a record. */
function fileOf(name: string): string {
  return name.replace(/#.*$/s, "");
}
