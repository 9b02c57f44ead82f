/** A request's work -> when its answer is due, on a server with so many slots. */
import type { Latency } from "../plan.ts";

export class Delay {
  readonly #latency: Latency;
  /** When each slot is done with what stands before it. */
  readonly #freeAt: number[];

  constructor(latency: Latency) {
    this.#latency = latency;
    this.#freeAt = new Array<number>(latency.slots ?? 0).fill(0);
  }

  /** Times are reckoned, not waited for, so that late timers do not add up. */
  dueAt(texts: number, paddedCharacters: number, now: number): number {
    const { fixedMs, spreadMs = 0, perTextMs = 0, perPaddedCharacterMs = 0 } = this.#latency;
    const wayMs = (fixedMs + spreadMs * Math.random()) / 2;
    const workMs = perTextMs * texts + perPaddedCharacterMs * paddedCharacters;
    const arrivesAt = now + wayMs;
    if (this.#freeAt.length === 0) return arrivesAt + workMs + wayMs;
    const slot = this.#freeAt.indexOf(Math.min(...this.#freeAt));
    const doneAt = Math.max(arrivesAt, this.#freeAt[slot] ?? 0) + workMs;
    this.#freeAt[slot] = doneAt;
    return doneAt + wayMs;
  }
}
