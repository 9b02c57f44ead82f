import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { TogetherConnectionError } from "./errors.ts";
import { Limiter, type LimiterOptions, type Permit } from "./limiter.ts";
import type { Ask } from "./turns.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const signal = new AbortController().signal;
const limiterOf = (options: Partial<LimiterOptions> = {}) =>
  new Limiter({ maxConcurrency: 16, maxRetries: 5, maxRetryWaitMs: 60_000, timeoutMs: 60_000, ...options });

const job = {};
const ask = (more: Partial<Ask> = {}): Ask => ({
  ...{ model: "a model", request: {}, call: job, tokens: 1, isRetry: false },
  ...more,
});

/** Permits of so many requests, as they are given. */
async function started(limiter: Limiter, count: number, more: Partial<Ask> = {}) {
  const permits: Permit[] = [];
  for (let request = 0; request < count; request++)
    void limiter.acquire(ask(more), signal).then((permit) => permits.push(permit));
  await vi.advanceTimersByTimeAsync(0);
  return permits;
}

const error = new TogetherConnectionError("refused");
const limit = (statedMs = 0) => ({
  isLimit: true,
  statedMs,
  ofTokens: false,
  error,
});
const succeed = (permit: Permit | undefined) => permit?.succeed(new Headers());

describe("the ceiling", () => {
  test("is where a client starts, and holds for all models together", async () => {
    const limiter = limiterOf({ maxConcurrency: 5 });
    const first = await started(limiter, 20);
    expect(first).toHaveLength(5);
    const others = await started(limiter, 20, { model: "another model" });
    expect(others).toHaveLength(0);
    for (let round = 0; round < 4; round++) {
      for (const permit of [...first.splice(0), ...others.splice(0)]) succeed(permit);
      await vi.advanceTimersByTimeAsync(0);
      expect(first.length + others.length).toBe(5);
      expect(others.length).toBeGreaterThanOrEqual(2);
    }
  });
});

describe("turns", () => {
  /** One at a time: the names of the calls in the order in which their requests start. */
  async function orderOf(limiter: Limiter, asks: [string, Partial<Ask>][]) {
    const [first] = await started(limiter, 1, { call: {} });
    const order: string[] = [];
    for (const [name, more] of asks)
      void limiter.acquire(ask(more), signal).then((permit) => {
        order.push(name);
        succeed(permit);
      });
    succeed(first);
    await vi.advanceTimersByTimeAsync(10);
    return order.join(" ");
  }

  test("go around the calls", async () => {
    const [a, b, query] = [{}, {}, {}];
    const limiter = limiterOf({ maxConcurrency: 1 });
    const asks: [string, Partial<Ask>][] = [
      ...["a1", "a2", "a3"].map((name): [string, Partial<Ask>] => [name, { call: a }]),
      ...["b1", "b2", "b3"].map((name): [string, Partial<Ask>] => [name, { call: b }]),
      ["query", { call: query }],
    ];
    expect(await orderOf(limiter, asks)).toBe("a1 b1 query a2 b2 a3 b3");
  });

  test("a repeated request goes first within its call, not before other calls", async () => {
    const [a, b] = [{}, {}];
    const limiter = limiterOf({ maxConcurrency: 1 });
    const order = await orderOf(limiter, [
      ["a1", { call: a }],
      ["b1", { call: b }],
      ["b2", { call: b }],
      ["a2", { call: a }],
      ["a3 again", { call: a, isRetry: true }],
    ]);
    expect(order).toBe("a3 again b1 a1 b2 a2");
  });

  test("a query is next when a place is free, of whatever model the job is", async () => {
    for (const model of ["a model", "another model"]) {
      const limiter = limiterOf({ maxConcurrency: 2 });
      const permits = await started(limiter, 100);
      const query = await started(limiter, 1, { call: {}, model });
      expect(query).toHaveLength(0);
      succeed(permits.shift());
      await vi.advanceTimersByTimeAsync(0);
      expect(query).toHaveLength(1);
    }
  });

  test("a flood of queries does not starve a job", async () => {
    const limiter = limiterOf({ maxConcurrency: 1 });
    let [permit] = await started(limiter, 1);
    const ofJob = await started(limiter, 10);
    let queries = 0;
    for (; ofJob.length < 10 && queries < 100; queries++) {
      const next = await started(limiter, 1, { call: {} });
      succeed(permit);
      await vi.advanceTimersByTimeAsync(0);
      permit = next[0];
      if (!permit) {
        succeed(ofJob.at(-1));
        await vi.advanceTimersByTimeAsync(0);
        permit = next[0];
      }
    }
    expect(queries).toBeLessThanOrEqual(22);
  });

  test("leave one of eight places free for the next query, for five seconds after the last", async () => {
    for (const [maxConcurrency, isFree] of [
      [8, true],
      [7, false],
    ] as const) {
      const limiter = limiterOf({ maxConcurrency });
      const ofJob = await started(limiter, 100);
      const query = await started(limiter, 1, { call: {} });
      succeed(ofJob[0]);
      await vi.advanceTimersByTimeAsync(0);
      succeed(query[0]);
      await vi.advanceTimersByTimeAsync(4_900);
      expect(ofJob.length).toBe(maxConcurrency + (isFree ? 0 : 1));
      const next = await started(limiter, 1, { call: {} });
      expect(next).toHaveLength(isFree ? 1 : 0);
      if (!isFree) continue;
      succeed(next[0]);
      succeed(ofJob[2]);
      succeed(ofJob[3]);
      await vi.advanceTimersByTimeAsync(0);
      expect(ofJob.length).toBe(maxConcurrency + 2);
      await vi.advanceTimersByTimeAsync(5_100);
      succeed(ofJob[1]);
      await vi.advanceTimersByTimeAsync(0);
      expect(ofJob.length).toBe(maxConcurrency + 4);
    }
  });

  test("make a call new again once nothing of it is in flight", async () => {
    const limiter = limiterOf({ maxConcurrency: 2 });
    const call = {};
    const [first] = await started(limiter, 1, { call });
    succeed(first);
    const ofJob = await started(limiter, 10);
    const again = await started(limiter, 1, { call });
    succeed(ofJob[0]);
    await vi.advanceTimersByTimeAsync(0);
    expect(again).toHaveLength(1);
  });
});

describe("a model's limit", () => {
  test("pauses its own requests for the stated wait, and no other model's", async () => {
    const limiter = limiterOf({ maxConcurrency: 8 });
    const permits = await started(limiter, 8);
    const waiting = await started(limiter, 16);
    const others = await started(limiter, 4, { model: "another model" });
    permits.shift()?.refuse(limit(2_000));
    for (const permit of permits) succeed(permit);
    await vi.advanceTimersByTimeAsync(0);
    expect(others).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(waiting).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(2);
    expect(waiting.length).toBeGreaterThan(0);
  });

  test("is the number that a server took when it refused the others at once", async () => {
    const limiter = limiterOf();
    const permits = await started(limiter, 16);
    await vi.advanceTimersByTimeAsync(5);
    for (const permit of permits.splice(3)) permit.refuse(limit(100));
    await vi.advanceTimersByTimeAsync(95);
    for (const permit of permits) succeed(permit);
    const next = await started(limiter, 20);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(next).toHaveLength(3);
  });

  test("is not changed by one request that is refused again and again", async () => {
    const limiter = limiterOf();
    const request = {};
    for (let attempt = 0; attempt < 20; attempt++) {
      const [permit] = await started(limiter, 1, { request });
      expect(permit?.refuse({ ...limit(), isLimit: false })).toBe("own");
    }
    expect(await started(limiter, 16)).toHaveLength(16);
  });

  test("is over when the server accepted nothing for `maxRetryWaitMs`: all that wait get the error of the last that asked", async () => {
    const limiter = limiterOf({ maxRetryWaitMs: 5_000 });
    const failures: unknown[] = [];
    const permits = await started(limiter, 16);
    for (let request = 0; request < 10; request++)
      limiter.acquire(ask(), signal).then(
        (permit) => permits.push(permit),
        (failure: unknown) => failures.push(failure),
      );
    const answers: unknown[] = [];
    for (let second = 0; second < 25 && failures.length === 0; second++) {
      for (const permit of permits.splice(0)) answers.push(permit.refuse({ ...limit(), isLimit: false }));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(answers.slice(0, 4)).toEqual(["own", "own", "own", "shared"]);
    expect(new Set(answers.slice(16, -1))).toEqual(new Set(["outage"]));
    expect(answers.at(-1)).toBeInstanceOf(TogetherConnectionError);
    expect(new Set(failures)).toEqual(new Set([answers.at(-1)]));
    expect(answers.length + failures.length).toBe(26);
  });

  test("waits for the reset when an answer tells that nothing remains, but no longer than it may", async () => {
    for (const [maxRetryWaitMs, waitMs] of [
      [60_000, 3_000],
      [500, 500],
    ] as const) {
      const limiter = limiterOf({ maxConcurrency: 1, maxRetryWaitMs });
      const [permit] = await started(limiter, 1);
      permit?.succeed(new Headers({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "3" }));
      const next = await started(limiter, 1);
      await vi.advanceTimersByTimeAsync(waitMs - 1);
      expect(next).toHaveLength(0);
      await vi.advanceTimersByTimeAsync(2);
      expect(next).toHaveLength(1);
    }
  });

  test("learns how quickly a quota comes back from a later answer, if all of it was left in the first", async () => {
    const limiter = limiterOf({ maxConcurrency: 1 });
    const told = (remaining: number, reset: string) =>
      new Headers({
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": String(remaining),
        "x-ratelimit-reset-requests": reset,
      });
    for (const headers of [told(60, "0s"), told(0, "60s")]) {
      const [permit] = await started(limiter, 1);
      permit?.succeed(headers);
    }
    const next = await started(limiter, 1);
    await vi.advanceTimersByTimeAsync(900);
    expect(next).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1_200);
    expect(next).toHaveLength(1);
  });

  test("asks at once where nothing tells when there is more, and when the limit cannot be read", async () => {
    const answers: Record<string, string>[] = [
      { "x-ratelimit-remaining-requests": "0" },
      { "x-ratelimit-limit": "many", "x-ratelimit-remaining": "5", "x-ratelimit-reset": "1" },
    ];
    for (const headers of answers) {
      const limiter = limiterOf();
      const [permit] = await started(limiter, 1);
      permit?.succeed(new Headers(headers));
      expect(await started(limiter, 1)).toHaveLength(1);
    }
  });

  test("keeps nothing in reserve when it is small: all that remains is sent at once", async () => {
    const limiter = limiterOf();
    const [permit] = await started(limiter, 1);
    permit?.succeed(new Headers({ "x-ratelimit-limit": "3", "x-ratelimit-remaining": "3" }));
    expect(await started(limiter, 4)).toHaveLength(3);
  });
});

describe("a limiter", () => {
  test("leaves no timer behind when the last waiting request is aborted", async () => {
    const limiter = limiterOf({ maxConcurrency: 1 });
    const [permit] = await started(limiter, 1);
    permit?.refuse(limit(5_000));
    const controller = new AbortController();
    const waiting = limiter.acquire(ask(), controller.signal);
    expect(vi.getTimerCount()).toBe(1);
    controller.abort("enough");
    await expect(waiting).rejects.toBe("enough");
    expect(vi.getTimerCount()).toBe(0);
  });

  /** What makes a request wait, and how a limiter comes there; the permits of it that are still out. */
  const waits: [string, (limiter: Limiter) => Promise<Permit[]>][] = [
    ["in the queue", (limiter) => started(limiter, 16)],
    [
      "in a pause",
      async (limiter) => {
        const [permit, ...others] = await started(limiter, 16);
        permit?.refuse(limit(5_000));
        return others;
      },
    ],
    [
      "for a server that accepts nothing",
      async (limiter) => {
        const permits = await started(limiter, 16);
        await vi.advanceTimersByTimeAsync(10);
        for (const permit of permits) permit.refuse({ ...limit(), isLimit: false });
        await vi.advanceTimersByTimeAsync(600);
        const [asking] = await started(limiter, 1);
        expect(asking).toBeDefined();
        asking?.refuse({ ...limit(), isLimit: false });
        return [];
      },
    ],
    [
      "for its turn at a measured rate",
      async (limiter) => {
        const permits = await started(limiter, 16);
        await vi.advanceTimersByTimeAsync(10);
        for (const permit of permits) permit.refuse(limit());
        await vi.advanceTimersByTimeAsync(600);
        for (const isAccepted of [true, false, true]) {
          const [permit] = await started(limiter, 1);
          expect(permit).toBeDefined();
          await vi.advanceTimersByTimeAsync(1_000);
          if (isAccepted) succeed(permit);
          else permit?.refuse(limit());
          await vi.advanceTimersByTimeAsync(1_000);
        }
        expect(await started(limiter, 1)).toHaveLength(1);
        return [];
      },
    ],
    [
      "for what headers tell",
      async (limiter) => {
        const [permit] = await started(limiter, 1);
        permit?.succeed(new Headers({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "3" }));
        return [];
      },
    ],
  ];

  test.each(waits)(
    "lets a request be aborted at once that waits %s, and leaves no timer",
    async (_, reach) => {
      const limiter = limiterOf();
      const out = await reach(limiter);
      const controller = new AbortController();
      let reason: unknown;
      limiter.acquire(ask(), controller.signal).then(
        (permit) => succeed(permit),
        (error: unknown) => {
          reason = error;
        },
      );
      await Promise.resolve();
      expect(reason).toBe(undefined);
      controller.abort("enough");
      await Promise.resolve();
      await Promise.resolve();
      expect(reason).toBe("enough");
      expect(vi.getTimerCount()).toBe(0);
      for (const permit of out) succeed(permit);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test("forgets the models that were not used for the longest time", async () => {
    const limiter = limiterOf({ maxConcurrency: 1 });
    const [permit] = await started(limiter, 1);
    permit?.refuse(limit(50_000));
    expect(await started(limiter, 1)).toHaveLength(0);
    const fresh = limiterOf({ maxConcurrency: 1 });
    const [first] = await started(fresh, 1);
    first?.refuse(limit(50_000));
    for (let model = 0; model < 1_000; model++) {
      const [other] = await started(fresh, 1, { model: `model ${model}` });
      succeed(other);
    }
    expect(await started(fresh, 1)).toHaveLength(1);
  });

  test("does not forget a model whose requests wait or are in flight", async () => {
    const limiter = limiterOf({ maxConcurrency: 2 });
    const [refused] = await started(limiter, 1, { model: "one that waits" });
    refused?.refuse(limit(50_000));
    const waiting = await started(limiter, 1, { model: "one that waits" });
    const [inFlight] = await started(limiter, 1, { model: "one in flight" });
    for (let model = 0; model < 200; model++) {
      const [other] = await started(limiter, 1, { model: `model ${model}` });
      succeed(other);
    }
    inFlight?.refuse(limit(50_000));
    expect(await started(limiter, 1, { model: "one in flight" })).toHaveLength(0);
    expect(await started(limiter, 1, { model: "one that waits" })).toHaveLength(0);
    expect(waiting).toHaveLength(0);
  });
});
