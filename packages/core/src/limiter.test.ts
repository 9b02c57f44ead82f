import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Limiter, type Permit } from "./limiter.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a limiter", () => {
  const signal = new AbortController().signal;
  const started = async (limiter: Limiter, count: number) => {
    const permits: Awaited<ReturnType<Limiter["acquire"]>>[] = [];
    for (let request = 0; request < count; request++) {
      void limiter.acquire(1, signal, false).then((permit) => permits.push(permit));
    }
    await vi.advanceTimersByTimeAsync(0);
    return permits;
  };

  test("starts with 8 requests and never has more out than its ceiling", async () => {
    expect(await started(new Limiter(16, 60_000), 20)).toHaveLength(8);
    const permits = await started(new Limiter(3, 60_000), 20);
    expect(permits).toHaveLength(3);
    for (let round = 0; round < 5; round++) {
      for (const permit of permits.splice(0)) permit.succeed(new Headers());
      await vi.advanceTimersByTimeAsync(0);
      expect(permits.length).toBeLessThanOrEqual(3);
    }
  });

  test("has twice as many out from round trip to round trip, until refusals show a limit; then one more", async () => {
    const limiter = new Limiter(64, 60_000);
    const permits = await started(limiter, 500);
    const nextRound = async (end: (permit: Permit) => void) => {
      for (const permit of permits.splice(0)) end(permit);
      await vi.advanceTimersByTimeAsync(5_000);
      return permits.length;
    };
    const succeed = (permit: Permit) => permit.succeed(new Headers());
    expect(await nextRound(succeed)).toBe(16);
    expect(await nextRound(succeed)).toBe(32);
    const [first, second, third, ...others] = permits.splice(0);
    for (const permit of [first, second, third]) permit?.refuse({ statedMs: 100, ofTokens: false });
    for (const permit of others) permit.succeed(new Headers());
    await vi.advanceTimersByTimeAsync(20_000);
    const afterRefusals = permits.length;
    expect(afterRefusals).toBeLessThanOrEqual(33);
    expect(await nextRound(succeed)).toBeLessThanOrEqual(afterRefusals + 1);
  });

  test("does not let out a burst after many requests that came one after the other", async () => {
    const limiter = new Limiter(500, 60_000);
    for (let request = 0; request < 100; request++) {
      const [permit] = await started(limiter, 1);
      permit?.succeed(new Headers());
    }
    expect(await started(limiter, 100)).toHaveLength(8);
  });

  test("pauses everything for the stated wait, and then starts one after the other", async () => {
    const limiter = new Limiter(8, 60_000);
    const permits = await started(limiter, 24);
    const [first, ...others] = permits.splice(0);
    first?.refuse({ statedMs: 2_000, ofTokens: false });
    for (const permit of others) permit.succeed(new Headers());
    await vi.advanceTimersByTimeAsync(1_999);
    expect(permits).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(2);
    expect(permits).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(permits.length).toBeGreaterThan(4);
  });

  test("lets repeated requests go first", async () => {
    const limiter = new Limiter(1, 60_000);
    const [permit] = await started(limiter, 1);
    const order: string[] = [];
    void limiter.acquire(1, signal, false).then(() => order.push("new"));
    void limiter.acquire(1, signal, true).then(() => order.push("repeated"));
    permit?.succeed(new Headers());
    await vi.advanceTimersByTimeAsync(0);
    expect(order).toEqual(["repeated"]);
  });

  test("lets a new request be the first after a pause, so that none is refused until it has no attempt left", async () => {
    const limiter = new Limiter(1, 60_000);
    const [permit] = await started(limiter, 1);
    const order: string[] = [];
    const noted = (name: string) => (next: Permit) => {
      order.push(name);
      next.succeed(new Headers());
    };
    permit?.refuse({ statedMs: 100, ofTokens: false });
    void limiter.acquire(1, signal, true).then(noted("repeated"));
    void limiter.acquire(1, signal, false).then(noted("first"));
    void limiter.acquire(1, signal, false).then(noted("new"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(order).toEqual(["first", "repeated", "new"]);
  });

  test("waits for the reset when an answer tells that nothing remains, but no longer than it may", async () => {
    for (const [longestWaitMs, waitMs] of [
      [60_000, 3_000],
      [500, 500],
    ] as const) {
      const limiter = new Limiter(1, longestWaitMs);
      const [permit] = await started(limiter, 1);
      permit?.succeed(new Headers({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "3" }));
      const next = await started(limiter, 1);
      await vi.advanceTimersByTimeAsync(waitMs - 1);
      expect(next).toHaveLength(0);
      await vi.advanceTimersByTimeAsync(2);
      expect(next).toHaveLength(1);
    }
  });

  test("keeps nothing in reserve of a limit that is small: all that remains is sent at once", async () => {
    const limiter = new Limiter(16, 60_000);
    const [permit] = await started(limiter, 1);
    permit?.succeed(new Headers({ "x-ratelimit-limit": "3", "x-ratelimit-remaining": "3" }));
    expect(await started(limiter, 4)).toHaveLength(3);
  });

  test("sends after a rest no more at once than the limit that headers told", async () => {
    const limiter = new Limiter(16, 60_000);
    const headers = new Headers({ "x-ratelimit-limit": "10", "x-ratelimit-remaining": "9" });
    for (let answer = 0; answer < 200; answer++) {
      const [permit] = await started(limiter, 1);
      permit?.succeed(answer < 199 ? new Headers() : headers);
    }
    await vi.advanceTimersByTimeAsync(10_000);
    const permits = await started(limiter, 20);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(permits.length).toBeGreaterThan(4);
    expect(permits.length).toBeLessThanOrEqual(10);
  });

  test("leaves no timer behind when the last waiting request is aborted", async () => {
    const limiter = new Limiter(1, 60_000);
    const [permit] = await started(limiter, 1);
    permit?.refuse({ statedMs: 5_000, ofTokens: false });
    const controller = new AbortController();
    const waiting = limiter.acquire(1, controller.signal, false);
    expect(vi.getTimerCount()).toBe(1);
    controller.abort("enough");
    await expect(waiting).rejects.toBe("enough");
    expect(vi.getTimerCount()).toBe(0);
  });
});
