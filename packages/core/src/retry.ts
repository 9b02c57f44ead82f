/** A failed attempt -> again? after how long? */
import { reworded, TogetherApiError, TogetherConnectionError } from "./errors.ts";

/** Told before each repetition. */
export interface RetryEvent {
  /** Which attempt failed, from 1. */
  attempt: number;
  /** Milliseconds until the next. */
  waitMs: number;
  error: TogetherApiError | TogetherConnectionError;
}

/**
 * Upper bounds of the first backoff and of the longest. A short first one keeps a stray 503 cheap; three times as long
 * each time, five retries together wait 8 s on average, enough for a server that restarts.
 */
const FIRST_BACKOFF_MS = 200;
const BACKOFF_GROWTH = 3;
const LONGEST_BACKOFF_MS = 8_000;

/** These fail again however often they are asked. */
const hopelessCodes = ["model_not_available", "dedicated_endpoint_not_running"];

export function isRetryableStatus(status: number, code: string | null): boolean {
  if (code !== null && hopelessCodes.includes(code)) return false;
  return status >= 500 || [408, 409, 425, 429].includes(status);
}

export function isRetryable(error: unknown): error is TogetherApiError | TogetherConnectionError {
  return TogetherConnectionError.is(error) || (TogetherApiError.is(error) && error.retryable);
}

/** Full jitter: anything between nothing and the bound, so that clients that failed together do not come back together. */
export function backoffMs(attempt: number, maxRetryWaitMs: number): number {
  const bound = Math.min(
    FIRST_BACKOFF_MS * BACKOFF_GROWTH ** (attempt - 1),
    LONGEST_BACKOFF_MS,
    maxRetryWaitMs,
  );
  return Math.round(Math.random() * bound);
}

/** The wait that the server asks for, in milliseconds; `undefined` when it asks for none, or for one of 0. */
export function statedWaitMs(headers: Headers, status: number): number | undefined {
  const waits = [
    positive(Number(headers.get("retry-after-ms"))),
    readRetryAfter(headers.get("retry-after")),
    resetIsWait(headers, status) ? positive(Number(headers.get("x-ratelimit-reset")) * 1_000) : undefined,
  ];
  return waits.find((wait) => wait !== undefined);
}

/** Seconds, fractions allowed, or an HTTP date. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = Number(value);
  return positive(Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1_000);
}

/** Servers may send the limit's state with every answer: beside another trouble, and with requests left, it is no wait. */
function resetIsWait(headers: Headers, status: number): boolean {
  const remaining = headers.get("x-ratelimit-remaining");
  return status === 429 || remaining === null || Number(remaining) <= 0;
}

function positive(ms: number): number | undefined {
  return Number.isFinite(ms) && ms > 0 ? Math.ceil(ms) : undefined;
}

/** @throws the error, saying so, when the wait that it states is too long to sit out */
export function checkStatedWait(
  error: TogetherApiError | TogetherConnectionError,
  maxRetryWaitMs: number,
): void {
  const stated = statedBy(error);
  if (stated <= maxRetryWaitMs) return;
  const words = `It asks for a wait of ${stated} ms, more than \`maxRetryWaitMs\` (${maxRetryWaitMs} ms).`;
  throw reworded(error as TogetherApiError, `${error.message} ${words}`);
}

/** The wait that an error states, in milliseconds; 0 for none. */
export function statedBy(error: unknown): number {
  return (TogetherApiError.is(error) && error.retryAfterMs) || 0;
}
