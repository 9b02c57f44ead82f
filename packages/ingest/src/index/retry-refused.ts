/** Refused chunks -> another try. Chunks that get their vector are no longer refused. */

import { join, resolve } from "node:path";
import { TogetherClient } from "@together-retrieval/core";
import { loadQueue } from "../queue/load-queue.ts";
import { type IndexOptions, sharedChecks } from "./add-options.ts";
import { isServer } from "./database.ts";
import { embedChunks, TokenMeter } from "./embed-chunks.ts";
import type { ChunkToEmbed } from "./index-tables.ts";
import type { OpenedIndex } from "./with-index.ts";
import { withIndex } from "./with-index.ts";

/** Which refused chunks to ask for again, and how. */
export interface RetryOptions extends IndexOptions {
  /** The most texts in one request. @default 100 */
  batchSize?: number | undefined;
  /** Where chunks that are refused again are written. @default as for `addToIndex` */
  refusedFile?: string | undefined;
  /** @default a new client with the key in TOGETHER_API_KEY */
  client?: TogetherClient | undefined;
  /** Stops asking; what was answered is written, and the promise is rejected with its reason. */
  signal?: AbortSignal | undefined;
  /** Also puts the jobs that this queue gave up back into it. */
  redis?: string | undefined;
}

/** The result for the chunks that had been refused. */
export interface RetrySummary {
  /** Chunks that have their vector now. */
  embedded: number;
  /** Refused once more. */
  refused: number;
  /** Jobs that went back into the queue. */
  jobs: number;
}

/**
 * Asks again for every chunk that was refused; one that gets its vector is refused no more.
 * @throws IngestError with the `kind` of what has to be put right; the signal's reason
 */
export async function retryRefused(options: RetryOptions): Promise<RetrySummary> {
  const { batchSize, refusedFile, client, signal, redis } = sharedChecks;
  return withIndex(options, { batchSize, refusedFile, client, signal, redis }, async (index) => {
    const summary = { embedded: 0, refused: 0, jobs: 0 };
    if (options.redis !== undefined) {
      const { withQueue } = await loadQueue();
      summary.jobs = await withQueue(options.redis, index.settings.id, (queue) => queue.retryFailed());
    }
    const together = options.client ?? new TogetherClient();
    await embedChunks(refusedChunks(index, options.signal), {
      ...{ ...index, client: together, meter: new TokenMeter(together), batchSize: options.batchSize ?? 100 },
      refusedFile:
        options.refusedFile ??
        (isServer(options.to) ? undefined : join(resolve(options.to), "refused.jsonl")),
      onStored: ({ embedded, refused }) => {
        summary.embedded += embedded.length;
        summary.refused += refused.length;
      },
    });
    options.signal?.throwIfAborted();
    return summary;
  });
}

/** Ends when the signal is aborted, so that what is on its way still arrives. */
async function* refusedChunks({ tables }: OpenedIndex, signal?: AbortSignal): AsyncGenerator<ChunkToEmbed> {
  for await (const chunk of tables.refused()) {
    if (signal?.aborted) return;
    yield chunk;
  }
}
