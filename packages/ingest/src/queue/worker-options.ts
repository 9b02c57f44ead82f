/** What is said of a worker: its options, their checks and defaults, and what it has done. */
import type { TogetherClientOptions } from "@together-retrieval/core";
import { type Check, type IndexOptions, sharedChecks } from "../index/add-options.ts";

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

export const workerChecks = {
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
