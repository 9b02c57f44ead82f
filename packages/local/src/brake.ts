/** Work inside onnxruntime -> the same work, which another thread can wait for and stop. */

const [running, stopped] = [0, 1];

/** Shared by two threads: one runs the work, the other stops it. */
export class Brake {
  readonly state: SharedArrayBuffer;
  readonly #flags: Int32Array;

  constructor(state = new SharedArrayBuffer(8)) {
    this.state = state;
    this.#flags = new Int32Array(state);
  }

  /** @throws Error once the other thread has stopped. */
  async drive<T>(work: () => Promise<T>): Promise<T> {
    Atomics.store(this.#flags, running, 1);
    try {
      if (Atomics.load(this.#flags, stopped) === 1) throw new Error("The server is closed");
      return await work();
    } finally {
      Atomics.store(this.#flags, running, 0);
      Atomics.notify(this.#flags, running);
    }
  }

  /** Returns when no work is running (a batch takes a tenth of a second); none begins after it. */
  stop(): void {
    Atomics.store(this.#flags, stopped, 1);
    Atomics.wait(this.#flags, running, 1, 10_000);
  }
}
