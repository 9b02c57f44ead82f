/** Refusals of a model's requests while none is accepted -> the error that ends all waiting requests, if it lasts too long. */
import { reworded, TogetherApiError, TogetherConnectionError } from "./errors.ts";

export type Refused = TogetherApiError | TogetherConnectionError;

/** If nothing was asked for longer than the longest wait and this, in milliseconds, the next refusal begins another outage. */
const IDLE_MS = 10_000;

export class Outage {
  readonly #maxRetries: number;
  readonly #maxWaitMs: number;
  /** When the first of the refusals came. */
  #since: number | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Requests that were refused, each sent after the refusal of the one before. */
  #asked = 0;
  #endedAt = Number.NEGATIVE_INFINITY;
  #error: Refused | undefined;

  constructor(maxRetries: number, maxWaitMs: number) {
    this.#maxRetries = maxRetries;
    this.#maxWaitMs = maxWaitMs;
  }

  accepted(): void {
    this.#since = undefined;
    this.#asked = 0;
  }

  /** More than one request in a row was refused. */
  get isOn(): boolean {
    return this.#asked > 1;
  }

  /** A request sent at `sentAt` was refused. Returns the error that ends it and all waiting requests, if it is time to end them. */
  refused(error: Refused, sentAt: number, now: number): Refused | undefined {
    // This request was in flight when the others were ended.
    if (sentAt < this.#endedAt) return this.#error;
    if (sentAt - this.#askedAt > this.#maxWaitMs + IDLE_MS) this.accepted();
    this.#since ??= now;
    if (sentAt >= this.#askedAt) {
      this.#askedAt = now;
      this.#asked++;
    }
    const lastedMs = now - this.#since;
    // A short `maxRetryWaitMs` must not take away retries.
    if (lastedMs <= this.#maxWaitMs || this.#asked <= this.#maxRetries) return undefined;
    this.#error = outageError(error, lastedMs, this.#maxWaitMs);
    this.#endedAt = now;
    // Later requests get the same time.
    this.accepted();
    return this.#error;
  }

  /** The last error that ended waiting requests, if there was one. */
  endOf(waitingSince: number): Refused | undefined {
    return waitingSince < this.#endedAt ? this.#error : undefined;
  }
}

function outageError(last: Refused, lastedMs: number, maxWaitMs: number): Refused {
  const message =
    `The server accepted nothing for this model for ${(lastedMs / 1_000).toFixed(1)} s, longer than \`maxRetryWaitMs\` (${maxWaitMs} ms). ` +
    `Try again later, or raise \`maxRetryWaitMs\`. The last error: ${last.message}`;
  return TogetherApiError.is(last)
    ? reworded(last, message)
    : new TogetherConnectionError(message, { cause: last.cause });
}
