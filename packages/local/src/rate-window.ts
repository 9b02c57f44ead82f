/** requests and their tokens -> allowed, or how long until the next window */
import type { RateLimit } from "./faults.ts";

/** A fixed window: it begins with the first request after the last one ended. */
export class RateWindow {
  readonly #limit: RateLimit;
  readonly #windowMs: number;
  #begins = Number.NEGATIVE_INFINITY;
  #requests = 0;
  #tokens = 0;

  constructor(limit: RateLimit) {
    this.#limit = limit;
    this.#windowMs = limit.windowMs ?? 60_000;
  }

  /** Whether the request is refused, and the headers that its answer carries. A refused request counts for nothing. */
  admit(tokens: number, now: number): { refusedFor?: "request" | "token"; headers: Record<string, string> } {
    if (now >= this.#begins + this.#windowMs) {
      this.#begins = now;
      this.#requests = 0;
      this.#tokens = 0;
    }
    const { requests, tokens: tokenLimit, headers = "refusals", retryAfter = false } = this.#limit;
    const overRequests = requests !== undefined && this.#requests >= requests;
    // A request that is larger than the whole limit is let through in a fresh window: it could never pass otherwise.
    const overTokens = tokenLimit !== undefined && this.#tokens > 0 && this.#tokens + tokens > tokenLimit;
    const refusedFor = overRequests ? "request" : overTokens ? "token" : undefined;
    if (!refusedFor) {
      this.#requests++;
      this.#tokens += tokens;
    }
    const shown = headers === "all" || (headers === "refusals" && refusedFor !== undefined);
    const seconds = (this.#begins + this.#windowMs - now) / 1000;
    return {
      ...(refusedFor && { refusedFor }),
      headers: {
        ...(shown && this.#headers(seconds)),
        ...(refusedFor && retryAfter && { "retry-after": String(Math.ceil(seconds)) }),
      },
    };
  }

  #headers(seconds: number): Record<string, string> {
    const { requests, tokens } = this.#limit;
    return {
      "x-ratelimit-reset": seconds.toFixed(3),
      ...(requests !== undefined && {
        "x-ratelimit-limit": String(requests),
        "x-ratelimit-remaining": String(Math.max(0, requests - this.#requests)),
      }),
      ...(tokens !== undefined && {
        "x-tokenlimit-limit": String(tokens),
        "x-tokenlimit-remaining": String(Math.max(0, tokens - this.#tokens)),
      }),
    };
  }
}
