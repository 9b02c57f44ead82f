/** The benchmark's own ideal is what its server gives: a limit that let more through would flatter every client. */
import { describe, expect, test } from "vitest";
import { idealMs, type RateLimit } from "./plan.ts";
import { Bucket } from "./server/bucket.ts";
import { Delay } from "./server/delay.ts";

const changing: RateLimit = {
  unit: "requests",
  burst: 10,
  headers: true,
  steps: [
    { fromMs: 0, perSecond: 10 },
    { fromMs: 4_000, perSecond: 30 },
    { fromMs: 6_000, perSecond: 5 },
  ],
};

describe("the limit", () => {
  test("lets a client that asks every millisecond through in the ideal time", () => {
    for (const requests of [1, 10, 50, 100, 157]) {
      const bucket = new Bucket(changing);
      let allowed = 0;
      let now = -1;
      while (allowed < requests) if (bucket.take(1, ++now).isAllowed) allowed++;
      expect(Math.abs(now - idealMs(changing, requests))).toBeLessThan(30);
    }
  });

  test("tells how much is left, and after how many seconds there is a request again", () => {
    const bucket = new Bucket(changing);
    expect(bucket.take(1, 0).headers).toEqual({
      "x-ratelimit-limit": "10",
      "x-ratelimit-remaining": "9",
      "x-ratelimit-reset": "0.000",
    });
    for (let request = 0; request < 9; request++) bucket.take(1, 0);
    const refused = bucket.take(1, 50);
    expect(refused.isAllowed).toBe(false);
    expect(refused.headers).toMatchObject({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0.050" });
  });
});

test("a server with slots works on as many requests as it has slots, and lets the others stand in line", () => {
  const delay = new Delay({ fixedMs: 50, slots: 2, perTextMs: 1 });
  expect([1, 2, 3, 4].map(() => delay.dueAt(100, 0, 1_000))).toEqual([1_150, 1_150, 1_250, 1_250]);
});
