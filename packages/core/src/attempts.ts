/** One request -> attempts under the limiter -> one answer. The only owner of retries. */
import { sleep } from "./abort.ts";
import { notesOf, TogetherApiError, TogetherError } from "./errors.ts";
import { headersOf } from "./limit-headers.ts";
import type { Limiter, Permit } from "./limiter.ts";
import { notify } from "./notify.ts";
import { backoffMs, checkStatedWait, isRetryable, type RetryEvent, statedBy } from "./retry.ts";
import type { Ask } from "./turns.ts";

/**
 * How much of an attempt a refusal uses up, by whose trouble it is. What the server does to everybody is waited for; but a
 * request that it never takes must not be repeated as long as others pass. An outage has a bound of its own.
 */
const USED = { own: 1, shared: 0.1, outage: 0 };

export interface AttemptOptions {
  limiter: Limiter;
  maxRetries: number;
  maxRetryWaitMs: number;
  onRetry?: ((event: RetryEvent) => void) | undefined;
}

/** @throws the signal's reason, or the last attempt's error */
export async function sendUntilAnswered<Answer extends { headers: Headers }>(
  request: Omit<Ask, "isRetry">,
  attempt: (isRetry: boolean) => Promise<Answer>,
  { limiter, maxRetries, maxRetryWaitMs, onRetry }: AttemptOptions,
  signal: AbortSignal,
): Promise<Answer> {
  let used = 0;
  for (let sent = 1; ; sent++) {
    const isRetry = sent > 1;
    const permit = await limiter.acquire({ ...request, isRetry }, signal);
    try {
      const answer = await attempt(isRetry);
      permit.succeed(answer.headers);
      return answer;
    } catch (error) {
      const trouble = endPermit(permit, error, maxRetryWaitMs);
      if (signal.aborted) throw signal.reason;
      if (!isRetryable(error)) throw error;
      checkStatedWait(error, maxRetryWaitMs);
      if (TogetherError.is(trouble)) throw trouble;
      used += USED[trouble];
      const { mostRetries = maxRetries } = notesOf(error);
      if (used > Math.min(maxRetries, mostRetries)) throw error;
      const stated = statedBy(error);
      const waitMs = stated || (trouble === "own" ? backoffMs(Math.ceil(used), maxRetryWaitMs) : 0);
      notify(onRetry, { attempt: sent, waitMs, error });
      // For a 429 with a stated wait the limiter pauses the whole model, so there is nothing more to wait for here.
      if (!(isLimit(error) && stated)) await sleep(waitMs, signal);
    }
  }
}

/** Returns whose trouble it is, or the error that ends all that wait. */
function endPermit(permit: Permit, error: unknown, maxRetryWaitMs: number) {
  const statedMs = statedBy(error);
  const { mostRetries } = notesOf(error);
  // A stated wait over `maxRetryWaitMs` is thrown and pauses no other request; neither does a failure that hardly passes.
  if (!isRetryable(error) || statedMs > maxRetryWaitMs || mostRetries !== undefined) {
    permit.fail();
    return "own";
  }
  const ofTokens = TogetherApiError.is(error) && (error.type?.includes("token") ?? false);
  const headers = headersOf(error);
  return permit.refuse({ isLimit: isLimit(error), statedMs, ofTokens, headers, error });
}

function isLimit(error: unknown): boolean {
  return TogetherApiError.is(error) && error.status === 429;
}
