/** How many requests may be out, and when the next may start. */

import { onAbort } from "./abort.ts";

/** Leave to send one request. */
export interface Permit {
  succeed(headers: Headers): void;
  refuse(waitMs: number): void;
  release(): void;
}

interface Waiter {
  start: () => void;
}

const FIRST_CONCURRENCY = 8;

export class Limiter {
  readonly #ceiling: number;
  #concurrency: number;
  #inFlight = 0;
  #pausedUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #waiting: Waiter[] = [];

  constructor(ceiling: number) {
    this.#ceiling = ceiling;
    this.#concurrency = Math.min(FIRST_CONCURRENCY, ceiling);
  }

  /** Resolves when the request may start, repeated requests first. @throws the signal's reason */
  async acquire(_tokens: number, signal: AbortSignal, isRetry: boolean): Promise<Permit> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiter = {
        start: () => {
          unfollow();
          resolve();
        },
      };
      const leave = () => {
        unfollow();
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const unfollow = onAbort(signal, leave);
      if (isRetry) this.#waiting.unshift(waiter);
      else this.#waiting.push(waiter);
      this.#startNext();
    });
    return {
      succeed: () => {
        this.#concurrency = Math.min(this.#ceiling, this.#concurrency + 1 / this.#concurrency);
      },
      refuse: (waitMs) => {
        this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + waitMs);
      },
      release: () => {
        this.#inFlight--;
        this.#startNext();
      },
    };
  }

  learnTokens(_estimated: number, _actual: number): void {}

  #startNext(): void {
    clearTimeout(this.#timer);
    const wait = this.#pausedUntil - Date.now();
    while (this.#waiting.length > 0 && this.#inFlight < Math.floor(this.#concurrency)) {
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#startNext(), wait);
        return;
      }
      this.#inFlight++;
      this.#waiting.shift()?.start();
    }
  }
}
