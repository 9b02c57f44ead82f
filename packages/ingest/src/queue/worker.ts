/** a queue -> its ranges, embedded and written by this process, until it is told to stop */
import { TogetherApiError, TogetherClient } from "@together-retrieval/core";
import { DelayedError, type Job, UnrecoverableError, Worker } from "bullmq";
import { embedChunks, TokenMeter } from "../index/embed-chunks.ts";
import type { Outcome } from "../index/index-tables.ts";
import type { OpenedIndex } from "../index/with-index.ts";
import { IngestError } from "../ingest-error.ts";
import { pause } from "../pause.ts";
import { connectionTo, type IngestQueue, queueName, type RangeJob } from "./queue.ts";
import { type WorkerOptions, type WorkerProgress, workerDefaults } from "./worker-options.ts";

/** A worker that is killed again and again takes a job along each time; one that kills its workers is given up. */
const mostStalls = 20;

/** How often an idle worker looks for chunks that have no job, as after a Redis that lost its last second. */
const sweepMs = 5_000;

/**
 * No key, no credit, no right, no such model: nothing that is wrong with a range. A 403 that is about one text does not come here: the client pins it on its text.
 */
const refusesAll = [401, 402, 403, 404];

/** Every other range would meet the same: the API's refusal, or the answer of another model than the index's. */
function isFailureOfAll(error: unknown): error is Error {
  if (TogetherApiError.is(error)) return !error.retryable && refusesAll.includes(error.status);
  return error instanceof IngestError;
}

/** One process's share of a queue. */
export class RangeWorker {
  readonly #index: OpenedIndex;
  readonly #queue: IngestQueue;
  readonly #options: WorkerOptions;
  readonly #client: TogetherClient;
  readonly #meter: TokenMeter;
  readonly #stop = new AbortController();
  #failure: Error | undefined;
  readonly #progress: WorkerProgress = { chunks: 0, refused: 0, tokens: 0, failures: 0 };

  constructor(index: OpenedIndex, queue: IngestQueue, options: WorkerOptions) {
    this.#index = index;
    this.#queue = queue;
    this.#options = options;
    this.#client = new TogetherClient({
      maxConcurrency: options.concurrency ?? workerDefaults.concurrency,
      ...options.clientOptions,
      onRetry: (event) => {
        const { error, waitMs } = event;
        options.clientOptions?.onRetry?.(event);
        // What the API says to one worker holds for all.
        if ("status" in error && error.status === 429) this.#queue.hold(waitMs).catch(() => {});
      },
    });
    this.#meter = new TokenMeter(this.#client);
  }

  /** @throws when the API takes nothing from this worker, or answers with another model; its jobs are left to others */
  async run(signal?: AbortSignal): Promise<WorkerProgress> {
    const stop = () => this.#stop.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    const { rate } = this.#options;
    if (rate === undefined) await this.#queue.ensureRate();
    else await this.#queue.setRate(rate);
    const worker = this.#start();
    try {
      await this.#watch(this.#stop.signal);
    } finally {
      signal?.removeEventListener("abort", stop);
      // Waits for the jobs at hand.
      await worker.close();
    }
    if (this.#failure) throw this.#failure;
    return { ...this.#progress };
  }

  #start(): Worker<RangeJob> {
    const { redis, concurrency = workerDefaults.concurrency } = this.#options;
    const lockMs = 1_000 * (this.#options.lockSeconds ?? workerDefaults.lockSeconds);
    const worker = new Worker<RangeJob>(
      queueName(this.#index.settings.id),
      (job, token) => this.#do(job, token),
      {
        ...{ connection: connectionTo(redis), concurrency, maxStalledCount: mostStalls },
        ...{ lockDuration: lockMs, stalledInterval: lockMs },
      },
    );
    worker.on("error", (error) => this.#warn(error.message));
    worker.on("failed", (job, error) => {
      this.#progress.failures++;
      const next = job?.finishedOn ? "is given up until `retry-failed`" : "will be tried again";
      this.#warn(`${job?.id ?? "A job"} failed and ${next}: ${error.message}`);
    });
    return worker;
  }

  async #do(job: Job<RangeJob>, token: string | undefined): Promise<void> {
    try {
      await this.#embed(job.data.range);
    } catch (error) {
      if (!isFailureOfAll(error)) {
        if (!TogetherApiError.is(error) || error.retryable) throw error;
        throw new UnrecoverableError(error.message);
      }
      this.#failure ??= error;
      this.#stop.abort();
      // Not a failed attempt: the next worker, with another key, finds it as it was.
      await job.moveToDelayed(Date.now() + 1_000, token);
      throw new DelayedError();
    }
  }

  /** What of the range has no vector yet is embedded and written in one go: done twice, it does nothing the second time. */
  async #embed(range: number): Promise<void> {
    const chunks = await this.#index.tables.takeRange(range);
    if (chunks.length === 0) return;
    await embedChunks(chunks, {
      ...{ ...this.#index, client: this.#client, meter: this.#meter, refusedFile: undefined },
      batchSize: chunks.length,
      onStored: (outcome) => this.#count(outcome),
    });
  }

  #count({ embedded, refused, tokens }: Outcome): void {
    this.#progress.chunks += embedded.length;
    this.#progress.refused += refused.length;
    this.#progress.tokens += tokens;
    this.#options.onProgress?.({ ...this.#progress });
  }

  /** Ends with the signal or, if so asked, with the work. Until then it finds chunks without a job, and makes the search index. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { untilEmpty = workerDefaults.untilEmpty } = this.#options;
    let sweptAt = performance.now();
    while (!signal.aborted) {
      await pause(untilEmpty ? 250 : sweepMs, signal);
      const { waiting, active, delayed } = await this.#queue.counts();
      if (signal.aborted || waiting + active + delayed > 0) continue;
      if (performance.now() - sweptAt < sweepMs && !untilEmpty) continue;
      sweptAt = performance.now();
      const found = await this.#sweep();
      if (found > 0) continue;
      if (this.#progress.chunks > 0) await this.#finish();
      if (untilEmpty) return;
    }
  }

  /** Chunks that wait without a job get one. @returns how many jobs were made */
  async #sweep(): Promise<number> {
    const ranges = await this.#index.tables.waitingRanges();
    const before = await this.#queue.counts();
    await this.#queue.add(ranges, 0);
    // Jobs that were given up keep their place: only `retry-failed` takes them up.
    return Math.max(0, ranges.length - before.failed);
  }

  async #finish(): Promise<void> {
    const { tables, settings } = this.#index;
    await tables.makeSearchIndexes(settings);
  }

  #warn(message: string): void {
    this.#options.onWarning?.(message);
  }
}
