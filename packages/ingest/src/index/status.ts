/** an index -> what is in it, and what still waits */

import { loadQueue } from "../queue/load-queue.ts";
import type { QueueCounts } from "../queue/queue.ts";
import { type IndexOptions, sharedChecks } from "./add-options.ts";
import { type OpenedIndex, withIndex } from "./with-index.ts";

/** What is in an index, and what still waits. */
export interface IndexStatus {
  model: string;
  /** The name under which the server answered first; null before that, and where it names none. */
  answeredBy: string | null;
  dimensions: number;
  documents: number;
  /** Documents that could not be read, or not to their end: `add` tries them again. */
  unfinished: number;
  /** Chunks with their vector. */
  chunks: number;
  /** Chunks that wait for a worker. */
  pending: number;
  refused: number;
  /** Prompt tokens that the API counted, over all runs and workers. */
  tokens: number;
  /** Whether searches use an HNSW index; without one they read every vector. */
  hasSearchIndex: boolean;
  /** Of the chunks with their search index, in bytes. */
  bytes: number;
  /** Only where a queue was asked about. */
  queue?: QueueCounts;
}

/** Which index to count. */
export interface StatusOptions extends IndexOptions {
  /** Also count the jobs and the workers of this queue. */
  redis?: string | undefined;
}

/** Counts what is in an index, and what still waits; asks no model. @throws IngestError when there is no index */
export async function indexStatus(options: StatusOptions): Promise<IndexStatus> {
  return withIndex(options, { redis: sharedChecks.redis }, async (index) => {
    const status = await readStatus(index);
    if (options.redis === undefined) return status;
    const { withQueue } = await loadQueue();
    return { ...status, queue: await withQueue(options.redis, index.settings.id, (queue) => queue.counts()) };
  });
}

export async function readStatus({ tables, settings }: OpenedIndex): Promise<IndexStatus> {
  const { model, answeredBy, dimensions, tokens } = settings;
  return { ...{ model, answeredBy, dimensions, tokens }, ...(await tables.counts()) };
}
