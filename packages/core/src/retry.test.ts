import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs, isRetryableStatus, statedWaitMs } from "./retry.ts";

describe("the backoff", () => {
  it("is anything between nothing and its bound, which grows up to `maxRetryWaitMs`", () => {
    for (const [attempt, longest] of [
      [1, 60_000],
      [3, 60_000],
      [20, 60_000],
      [20, 100],
    ] as const) {
      const waits = Array.from({ length: 2_000 }, () => backoffMs(attempt, longest));
      const bound = Math.max(...waits);
      expect(Math.min(...waits)).toBeLessThan(bound / 20);
      expect(bound).toBeLessThanOrEqual(Math.min(8_000, longest));
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

  it("of another trouble is not the state of a limit with requests left", () => {
    const headers = new Headers({ "x-ratelimit-reset": "30", "x-ratelimit-remaining": "5" });
    expect(statedWaitMs(headers, 503)).toBeUndefined();
    expect(statedWaitMs(headers, 429)).toBe(30_000);
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
