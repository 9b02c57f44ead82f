import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TogetherApiError } from "./errors.ts";
import { backoffMs, checkStatedWait, isRetryableStatus, statedWaitMs } from "./retry.ts";

describe("the backoff", () => {
  it("is anything between nothing and its bound, which grows up to `maxRetryWaitMs`", () => {
    for (const [attempt, longest, most] of [
      [1, 60_000, 200],
      [2, 60_000, 600],
      [3, 60_000, 1_800],
      [20, 60_000, 8_000],
      [20, 100, 100],
    ] as const) {
      const waits = Array.from({ length: 2_000 }, () => backoffMs(attempt, longest));
      const bound = Math.max(...waits);
      expect(Math.min(...waits)).toBeLessThan(bound / 20);
      expect(bound).toBeLessThanOrEqual(most);
      // Full jitter: no part of the range is left out.
      const middle = waits.filter((wait) => wait > bound * 0.4 && wait < bound * 0.6).length;
      expect(middle).toBeGreaterThan(200);
    }
    const highest = (attempt: number) =>
      Math.max(...Array.from({ length: 500 }, () => backoffMs(attempt, 60_000)));
    expect(highest(3)).toBeGreaterThan(highest(1));
  });
});

describe("a stated wait", () => {
  it("is a whole number of milliseconds from 1 up, or none, whatever the headers say", () => {
    const names = fc.constantFrom(
      "retry-after-ms",
      "retry-after",
      "x-ratelimit-reset",
      "x-ratelimit-remaining",
    );
    const values = fc.oneof(
      fc.stringMatching(/^[\x21-\x7e]{0,12}$/),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(fc.dictionary(names, values), fc.constantFrom(429, 503), (headers, status) => {
        const wait = statedWaitMs(new Headers(headers), status);
        if (wait !== undefined) expect(Number.isInteger(wait) && wait >= 1).toBe(true);
      }),
    );
  });

  const none = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" };
  const one = { "x-ratelimit-remaining": "1", "x-ratelimit-reset": "30" };
  const noTokens = { "x-tokenlimit-remaining": "0", "x-tokenlimit-reset": "7" };

  it.each<[string, number, Record<string, string>, number | undefined]>([
    ["of a limit is the time until the reset", 429, one, 30_000],
    ["of another trouble is not the reset of a limit with requests left", 503, one, undefined],
    ["of another trouble is the reset of a limit with none left", 503, none, 30_000],
    [
      "of another trouble is a reset without a word of what is left",
      503,
      { "x-ratelimit-reset": "30" },
      30_000,
    ],
    ["is the reset of the tokens where none is left", 503, { ...one, ...noTokens }, 7_000],
    ["is the later of two resets where neither has anything left", 503, { ...none, ...noTokens }, 30_000],
    ["is none where nothing is left and no reset is told", 503, { "x-ratelimit-remaining": "0" }, undefined],
    ["is none without headers", 429, {}, undefined],
  ])("%s (%i)", (_, status, headers, waitMs) => {
    expect(statedWaitMs(new Headers(headers), status)).toBe(waitMs);
  });

  it("longer than `maxRetryWaitMs` is thrown, and the message tells both", () => {
    const details = { code: null, type: null, param: null, requestId: undefined, retryable: true };
    const error = new TogetherApiError("Refused.", { status: 429, ...details, retryAfterMs: 2_000 });
    expect(() => checkStatedWait(error, 2_000)).not.toThrow();
    expect(() => checkStatedWait(error, 1_999)).toThrow(/^Refused\. .*2000 ms.*`maxRetryWaitMs` \(1999 ms\)/);
  });
});

describe("a status", () => {
  it("is repeated when it is 408, 409, 424, 425, 429, 499 or from 500 up, but for 501 and 505", () => {
    const repeated = Array.from({ length: 300 }, (_, at) => 300 + at).filter((status) =>
      isRetryableStatus(status, null),
    );
    const serverErrors = Array.from({ length: 100 }, (_, at) => 500 + at);
    expect(repeated).toEqual([
      ...[408, 409, 424, 425, 429, 499],
      ...serverErrors.filter((status) => status !== 501 && status !== 505),
    ]);
  });

  it("is not repeated when the code or the type says that it is for good", () => {
    for (const name of ["insufficient_quota", "budget_exceeded", "model_not_available", "3036"]) {
      expect(isRetryableStatus(429, name)).toBe(false);
      expect(isRetryableStatus(429, null, name)).toBe(false);
    }
  });
});
