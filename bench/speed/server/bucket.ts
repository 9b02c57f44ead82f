/** What a request costs -> whether the limit lets it through, and the headers that say so. */
import type { RateLimit } from "../plan.ts";

/** A token bucket that its steps refill. Time begins with the first request. */
export class Bucket {
  readonly #limit: RateLimit;
  #level: number;
  #startedAt: number | undefined;
  #filledAt = 0;

  constructor(limit: RateLimit) {
    this.#limit = limit;
    this.#level = limit.burst;
  }

  take(cost: number, now: number): { isAllowed: boolean; headers: Record<string, string> } {
    this.#startedAt ??= now;
    const at = now - this.#startedAt;
    this.#fill(at);
    const isAllowed = this.#level >= cost;
    if (isAllowed) this.#level -= cost;
    return { isAllowed, headers: this.#limit.headers ? this.#headers(at) : {} };
  }

  #fill(until: number): void {
    // In short spans, so that a step between two requests counts from its own time on.
    while (this.#filledAt < until) {
      const spanMs = Math.min(10, until - this.#filledAt);
      this.#level = Math.min(
        this.#limit.burst,
        this.#level + (this.#rateAt(this.#filledAt) * spanMs) / 1_000,
      );
      this.#filledAt += spanMs;
    }
  }

  #rateAt(at: number): number {
    const { steps } = this.#limit;
    return (steps.findLast(({ fromMs }) => fromMs <= at) ?? steps[0]).perSecond;
  }

  #headers(at: number): Record<string, string> {
    const prefix = this.#limit.unit === "requests" ? "x-ratelimit" : "x-tokenlimit";
    const rate = this.#rateAt(at);
    return {
      [`${prefix}-limit`]: String(rate),
      [`${prefix}-remaining`]: String(Math.floor(this.#level)),
      "x-ratelimit-reset": (Math.max(0, 1 - this.#level) / rate).toFixed(3),
    };
  }
}
