/** requests of the server -> the inference thread -> their answers */
import { Worker } from "node:worker_threads";
import { Brake } from "./brake.ts";
import type { Scores } from "./inference.ts";

/** What the server asks the thread. */
type Ask =
  | { kind: "embed"; texts: string[] }
  | { kind: "rerank"; query: string; documents: string[] }
  | { kind: "count"; texts: string[] };
export type Question = { id: number } & (Ask | { kind: "cancel" } | { kind: "close" });

/** What the thread says; `id` is the question's, 0 before the first. */
export type Answer = { id: number } & (
  | { kind: "ready"; dimensions: number; maxTokens: number }
  | { kind: "vector"; index: number; vector: Float32Array }
  | { kind: "done"; result: unknown }
  | { kind: "failed"; message: string }
);

interface Waiting {
  vector: (index: number, vector: Float32Array) => void;
  done: (result: unknown) => void;
  failed: (error: Error) => void;
}

const brakes = new Set<Brake>();
const stopAll = () => {
  for (const brake of brakes) brake.stop();
};

/**
 * A thread that is ended inside onnxruntime takes the process with it: whoever exits waits for the running batch. One listener for
 * all threads, since Node warns of more than ten.
 */
function brakeAtExit(brake: Brake): void {
  if (brakes.size === 0) process.on("exit", stopAll);
  brakes.add(brake);
}

function releaseAtExit(brake: Brake): void {
  brakes.delete(brake);
  if (brakes.size === 0) process.off("exit", stopAll);
}

/** Written by the build into `dist/`, which stands beside both `src/` and itself. */
const workerFile = new URL("../dist/worker.js", import.meta.url);

/** The model in its own thread, so that the server goes on answering while it computes. */
export class InferenceThread {
  readonly dimensions: number;
  readonly maxTokens: number;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<unknown>;
  #lastId = 0;
  #stopped: Error | undefined;

  /** @throws Error when the folder holds no model that can be run; the message says why. */
  static async start(modelDir: string): Promise<InferenceThread> {
    // The flags of the program that starts the server (`--input-type`, loaders) are not meant for this file.
    const brake = new Brake();
    const worker = new Worker(workerFile, { workerData: { modelDir, brake: brake.state }, execArgv: [] });
    brakeAtExit(brake);
    worker.on("exit", () => releaseAtExit(brake));
    const first = await new Promise<Answer>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    if (first.kind === "ready") return new InferenceThread(worker, first);
    throw new Error(first.kind === "failed" ? first.message : "The inference thread did not start");
  }

  private constructor(worker: Worker, ready: { dimensions: number; maxTokens: number }) {
    this.dimensions = ready.dimensions;
    this.maxTokens = ready.maxTokens;
    this.#worker = worker;
    this.#ended = new Promise((resolve) => worker.on("exit", resolve));
    worker.on("message", (answer: Answer) => this.#receive(answer));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", () => this.#fail(new Error("The inference thread has ended")));
  }

  /** Gives each vector out as it comes, in any order; resolves with the number of tokens read. */
  async embed(
    texts: string[],
    signal: AbortSignal,
    take: (index: number, vector: Float32Array) => void,
  ): Promise<number> {
    return (await this.#ask({ kind: "embed", texts }, signal, take)) as number;
  }

  async rerank(query: string, documents: string[], signal: AbortSignal): Promise<Scores> {
    return (await this.#ask({ kind: "rerank", query, documents }, signal)) as Scores;
  }

  async count(texts: string[], signal: AbortSignal): Promise<number[]> {
    return (await this.#ask({ kind: "count", texts }, signal)) as number[];
  }

  /** Rejects what was asked, lets the running batch finish, and ends the thread. */
  async close(): Promise<void> {
    this.#worker.postMessage({ id: 0, kind: "close" });
    await this.#ended;
  }

  #ask(question: Ask, signal: AbortSignal, vector: Waiting["vector"] = () => {}): Promise<unknown> {
    if (this.#stopped) return Promise.reject(this.#stopped);
    if (signal.aborted) return Promise.reject(signal.reason);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#waiting.delete(id);
        this.#worker.postMessage({ id, kind: "cancel" });
        reject(signal.reason);
      };
      const settle = () => {
        this.#waiting.delete(id);
        signal.removeEventListener("abort", cancel);
      };
      signal.addEventListener("abort", cancel);
      this.#waiting.set(id, {
        vector,
        done: (result) => {
          settle();
          resolve(result);
        },
        failed: (error) => {
          settle();
          reject(error);
        },
      });
      this.#worker.postMessage({ id, ...question });
    });
  }

  #receive(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (answer.kind === "vector") waiting?.vector(answer.index, answer.vector);
    else if (answer.kind === "done") waiting?.done(answer.result);
    else if (answer.kind === "failed") waiting?.failed(new Error(answer.message));
  }

  #fail(error: Error): void {
    this.#stopped ??= error;
    for (const waiting of [...this.#waiting.values()]) waiting.failed(error);
  }
}
