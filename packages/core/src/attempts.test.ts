import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sendUntilAnswered } from "./attempts.ts";
import { TogetherConnectionError } from "./errors.ts";
import { Limiter } from "./limiter.ts";
import type { RetryEvent } from "./retry.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.999);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What `onRetry` is told when so many requests at once fail so often each, and then are answered. */
async function retriesOf(requests: number, failures: number): Promise<RetryEvent[]> {
  const options = { maxConcurrency: 16, maxRetries: 5, maxRetryWaitMs: 60_000, timeoutMs: 60_000 };
  const limiter = new Limiter(options);
  const events: RetryEvent[] = [];
  const call = {};
  const send = () => {
    let left = failures;
    const attempt = async () => {
      if (left-- > 0) throw new TogetherConnectionError("broken");
      return { headers: new Headers() };
    };
    const ask = { model: "a model", request: {}, call, tokens: 1 };
    const onRetry = (event: RetryEvent) => events.push(event);
    return sendUntilAnswered(ask, attempt, { limiter, ...options, onRetry }, new AbortController().signal);
  };
  const answers = Promise.all(Array.from({ length: requests }, send));
  await vi.advanceTimersByTimeAsync(120_000);
  await answers;
  return events;
}

test("a request with a trouble of its own waits before it goes out again, longer each time", async () => {
  const events = await retriesOf(1, 3);
  expect(events.map(({ attempt, waitMs }) => [attempt, waitMs])).toEqual([
    [1, 200],
    [2, 599],
    [3, 1_798],
  ]);
});

test("requests that all fail wait for the limiter, and for nothing of their own", async () => {
  const waits = (await retriesOf(8, 1)).map(({ waitMs }) => waitMs);
  expect(waits).toEqual([200, 200, 200, 0, 0, 0, 0, 0]);
});
