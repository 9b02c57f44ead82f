/** texts of many requests -> batches of like length, every request in its turn */
import type { TokenIds } from "./model.ts";

/** One text to run, and who takes its states (`tokens × dimensions`). */
export interface Task {
  ids: TokenIds;
  take: (states: Float32Array) => void;
}

/** The padded size of a batch; larger ones were no faster and took more memory. */
const maxBatchTokens = 1024;
const maxBatchTexts = 32;
/** A text joins a batch only if padding takes no more than the rest of its row: padding costs as much as text. */
const likeLength = 0.75;

interface Job {
  /** Shortest first, so that the longest is taken from the end. */
  waiting: Task[];
  running: number;
  finish: (error?: unknown) => void;
}

/** Runs tasks in batches, one batch at a time, without letting a large request hold up the small ones. */
export class Batches {
  readonly #run: (batch: TokenIds[]) => Promise<{ states: Float32Array; longest: number }>;
  readonly #width: number;
  readonly #jobs = new Set<Job>();
  #busy = false;

  constructor(model: {
    states: (batch: TokenIds[]) => Promise<{ states: Float32Array; longest: number }>;
    dimensions: number;
  }) {
    this.#run = (batch) => model.states(batch);
    this.#width = model.dimensions;
  }

  /** Runs all tasks of one request; rejects with the model's error, or with the signal's reason. */
  async run(tasks: Task[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (tasks.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      const job: Job = {
        waiting: tasks.toSorted((a, b) => a.ids.length - b.ids.length),
        running: 0,
        finish: (error) => {
          this.#jobs.delete(job);
          signal.removeEventListener("abort", abort);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const abort = () => job.finish(signal.reason);
      signal.addEventListener("abort", abort);
      this.#jobs.add(job);
      if (!this.#busy) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
      try {
        const { states, longest } = await this.#run(batch.map(({ task }) => task.ids));
        batch.forEach(({ task }, row) => {
          const start = row * longest * this.#width;
          task.take(states.subarray(start, start + task.ids.length * this.#width));
        });
        for (const { job } of batch) job.running--;
        for (const { job } of batch) if (job.waiting.length + job.running === 0) job.finish();
      } catch (error) {
        for (const { job } of batch) job.finish(error);
      }
      this.#toTheEnd(batch[0]?.job);
    }
    this.#busy = false;
  }

  /** The next batch begins with the texts of another job, which may have come while this batch ran. */
  #toTheEnd(job: Job | undefined): void {
    if (job && this.#jobs.delete(job)) this.#jobs.add(job);
  }

  /** The longest texts of the job whose turn it is, then texts of like length from the others. */
  #next(): { task: Task; job: Job }[] {
    const first = [...this.#jobs].find((job) => job.waiting.length > 0);
    const seed = first?.waiting.at(-1)?.ids.length;
    if (!first || seed === undefined) return [];
    const room = Math.min(maxBatchTexts, Math.max(1, Math.floor(maxBatchTokens / seed)));
    const batch: { task: Task; job: Job }[] = [];
    for (const job of [first, ...this.#jobs]) {
      while (batch.length < room) {
        const length = job.waiting.at(-1)?.ids.length ?? 0;
        const fits = length > 0 && length <= seed && length >= seed * likeLength;
        const task = fits ? job.waiting.pop() : undefined;
        if (!task) break;
        job.running++;
        batch.push({ task, job });
      }
      if (batch.length === room) break;
    }
    return batch;
  }
}
