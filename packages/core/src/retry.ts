/** A failed attempt -> whether to repeat it, and after how many milliseconds. */
import { reworded, TogetherApiError, TogetherConnectionError } from "./errors.ts";
import { readLimits } from "./limit-headers.ts";

/** What `onRetry` gets before each repetition. */
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

/** Errors with these codes never pass. */
// biome-ignore format: a test of the page reads this line
const hopelessCodes = ["model_not_available", "dedicated_endpoint_not_running", "insufficient_quota", "budget_exceeded", "3036"];

/** Server errors are repeated, except those that mean that the server cannot do this at all. */
export function isRetryableStatus(status: number, code: string | null, type: string | null = null): boolean {
  if (hopelessCodes.some((name) => name === code || name === type)) return false;
  if (status >= 500) return status !== 501 && status !== 505;
  return [408, 409, 424, 425, 429, 499].includes(status);
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
  return (
    positive(Number(headers.get("retry-after-ms"))) ??
    readRetryAfter(headers.get("retry-after") ?? "") ??
    readResetWait(headers, status)
  );
}

/** Seconds, fractions allowed, or an HTTP date. */
function readRetryAfter(value: string): number | undefined {
  const seconds = Number(value);
  return positive(Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1_000);
}

/** Servers may report their limit with every answer. With another error, and with something left, that is not a wait. */
function readResetWait(headers: Headers, status: number): number | undefined {
  const { requests, tokens } = readLimits(headers, Date.now());
  const used = [requests, tokens].filter(({ remaining = 1 }) => remaining < 1);
  const waits = used.map(({ resetMs }) => resetMs ?? 0);
  if (waits.length > 0) return positive(Math.max(...waits));
  const isWait = status === 429 || requests.remaining === undefined;
  return isWait ? positive(requests.resetMs ?? 0) : undefined;
}

function positive(ms: number): number | undefined {
  return Number.isFinite(ms) && ms > 0 ? Math.ceil(ms) : undefined;
}

/** @throws the error, with a note in its message, if the stated wait is longer than `maxRetryWaitMs` */
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
