/** what a request needs held -> whether it may be, with all that is held for others; memory stays bounded */
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

  /** Whether so much more may be held; if so, it is. */
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
