/** Chunks -> vectors -> rows, in batches. Vectors that were paid for are written even if the stream ends with an error. */
import type { TogetherClient } from "@together-retrieval/core";
import type { ChunkToEmbed, IndexTables, Outcome } from "./index-tables.ts";
import { appendRefused } from "./refused-file.ts";
import type { IndexSettings } from "./tables.ts";

export interface EmbedChunksOptions {
  client: TogetherClient;
  tables: IndexTables;
  settings: IndexSettings;
  /** The most texts in one request. */
  batchSize: number;
  refusedFile: string | undefined;
  meter: TokenMeter;
  /** Told after each write, in the order of the chunks. */
  onStored(outcome: Outcome): Promise<void> | void;
}

/** Tokens of a client, each counted once, also where several streams share it. */
export class TokenMeter {
  readonly #client: TogetherClient;
  #taken: number;

  constructor(client: TogetherClient) {
    this.#client = client;
    this.#taken = client.usage.promptTokens;
  }

  /** What was used since it was last asked. */
  take(): number {
    const { promptTokens } = this.#client.usage;
    const tokens = promptTokens - this.#taken;
    this.#taken = promptTokens;
    return tokens;
  }
}

export async function embedChunks(
  chunks: Iterable<ChunkToEmbed> | AsyncIterable<ChunkToEmbed>,
  options: EmbedChunksOptions,
): Promise<void> {
  const { client, settings, batchSize } = options;
  const writer = new Writer(options);
  const profile = { ...settings.profile, dimensions: settings.dimensions };
  const stream = client.embedStream(chunks, {
    ...{ model: settings.model, profile, batchSize, encodingFormat: "auto", onError: "yield" },
    text: ({ text }) => text,
  });
  try {
    for await (const result of stream) {
      if ("error" in result) writer.outcome.refused.push({ chunk: result.item, error: result.error });
      else writer.outcome.embedded.push({ chunk: result.item, vector: result.vector });
      if (writer.size >= batchSize) await writer.write();
    }
  } finally {
    await writer.write();
  }
}

class Writer {
  outcome: Outcome = { embedded: [], refused: [], tokens: 0 };
  readonly #options: EmbedChunksOptions;

  constructor(options: EmbedChunksOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.outcome.embedded.length + this.outcome.refused.length;
  }

  async write(): Promise<void> {
    if (this.size === 0) return;
    const { tables, client, settings, refusedFile, meter, onStored } = this.#options;
    const answeredBy = client.answeredBy(settings.model);
    const outcome = { ...this.outcome, tokens: meter.take(), answeredBy };
    this.outcome = { embedded: [], refused: [], tokens: 0 };
    await tables.store(outcome);
    if (refusedFile !== undefined) await appendRefused(refusedFile, outcome.refused);
    await onStored(outcome);
  }
}
