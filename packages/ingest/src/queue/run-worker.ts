/** options -> a worker that has done its share of a queue; BullMQ and Redis are loaded here and not before */
import type { TogetherClientOptions } from "@together-retrieval/core";
import { type Check, type IndexOptions, sharedChecks } from "../index/add-options.ts";
import { isServer } from "../index/database.ts";
import { type OpenedIndex, withIndex } from "../index/with-index.ts";
import { IngestError } from "../ingest-error.ts";
import type { IngestQueue } from "./queue.ts";

export interface WorkerOptions extends IndexOptions {
  /** The queue's Redis, such as `redis://127.0.0.1:6379`. */
  redis: string;
  /** The most jobs, which are requests, at once. @default 8 */
  concurrency?: number | undefined;
  /** Requests a second over all workers of the index: the account's limit. Stays until another is set. @default none */
  rate?: number | undefined;
  /** How long a job may be without a sign of life before another worker gets it. @default 30 */
  lockSeconds?: number | undefined;
  /** Ends when nothing is left to do, instead of waiting for more. @default false */
  untilEmpty?: boolean | undefined;
  /** Of the client that the worker makes. @default the environment's key and address */
  clientOptions?: TogetherClientOptions | undefined;
  /** Finishes the jobs at hand, takes no others, and ends. */
  signal?: AbortSignal | undefined;
  /** Told whenever chunks got their vector, or were refused. */
  onProgress?: ((progress: WorkerProgress) => void) | undefined;
  /** A line for each thing that a person should know of, such as a job that failed. */
  onWarning?: ((message: string) => void) | undefined;
}

/** Of this worker alone. */
export interface WorkerProgress {
  chunks: number;
  refused: number;
  tokens: number;
  /** Attempts at a job that failed here. Each is tried again, unless its job is given up. */
  failures: number;
}

export const workerDefaults = { concurrency: 8, lockSeconds: 30, untilEmpty: false } as const;

const checks = {
  ...{ redis: sharedChecks.redis, signal: sharedChecks.signal },
  concurrency: ["an integer from 1 to 1000", (value) => Number.isInteger(value) && between(value, 1, 1_000)],
  rate: ["a number above 0", (value) => between(value, Number.MIN_VALUE, 1e6)],
  lockSeconds: ["a number from 1 to 3600", (value) => between(value, 1, 3_600)],
  untilEmpty: ["a boolean", (value) => typeof value === "boolean"],
  clientOptions: ["an object", (value) => typeof value === "object" && value !== null],
  onProgress: ["a function", (value) => typeof value === "function"],
  onWarning: ["a function", (value) => typeof value === "function"],
} satisfies Record<string, Check>;

function between(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

/**
 * Works until the signal, or until nothing is left. The model is the index's; a killed worker's jobs go to others.
 * @throws IngestError with the `kind` of what has to be put right
 */
export async function runWorker(options: WorkerOptions): Promise<WorkerProgress> {
  const { signal, ...others } = options;
  if (!isServer(String(options.to)))
    throw new IngestError("usage", "Workers share a Postgres server: --to must be postgres://…");
  // Started with everything else, a worker may be there before its servers are.
  const onWait = (server: string) => options.onWarning?.(`${server} does not answer: waiting for it`);
  const work = async (index: OpenedIndex) => {
    const [{ withQueue }, { RangeWorker }] = await Promise.all([import("./queue.ts"), import("./worker.ts")]);
    const run = (queue: IngestQueue) => new RangeWorker(index, queue, options).run(signal);
    return withQueue(options.redis, index.settings.id, run, onWait);
  };
  // The signal ends the taking of jobs, not the writing of those at hand: the database does not hear of it.
  return withIndex(others, checks, work, onWait);
}
