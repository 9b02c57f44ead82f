/** The memory that a request needs -> whether it may have it, so that all requests together stay within a bound. */
import { Refusal } from "./refusal.ts";

export class Budget {
  /** The most for one request. */
  readonly maxEach: number;
  readonly #maxTotal: number;
  #held = 0;

  constructor(maxEach: number, maxTotal: number) {
    this.maxEach = maxEach;
    this.#maxTotal = maxTotal;
  }

  /** Takes this much more if there is room. Returns whether there was. */
  hold(amount: number): boolean {
    if (this.#held + amount > this.#maxTotal) return false;
    this.#held += amount;
    return true;
  }

  release(amount: number): void {
    this.#held -= amount;
  }
}

/** The refusal of a request for which there is no room now. */
export function overloaded(): Refusal {
  const message = "Too many large requests at once; try again when some are answered";
  return new Refusal(503, message, { type: "server_error", code: "overloaded" });
}
