/** The limiter against servers that limit, in simulated time. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cases } from "./cases.ts";
import { simulate } from "./clock.ts";
import { broken, bucket, windowed } from "./servers.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const seeds = [1, 2, 3, 4, 5, 6];
const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe("with six seeds of random numbers", () => {
  test.each(cases)(
    "$name: near the ideal time, few refusals, nothing lost",
    async ({ name, job, idealMs, makespan, refused, refusedLater }) => {
      const results: Awaited<ReturnType<typeof simulate>>[] = [];
      for (const seed of seeds) results.push(await simulate(job, seed));
      const { requests } = job();
      const times = results.map(({ makespanMs }) => makespanMs / idealMs);
      const shares = results.map((result) => result.refused / requests);
      const later = Math.max(...results.map(({ refusedAt }) => refusedAt.filter((at) => at > 1_000).length));
      const lost = Math.max(...results.map((result) => result.lost));
      if (process.env.SHOW_SIMULATION)
        console.log(
          `${name}: ${mean(times).toFixed(3)} (worst ${Math.max(...times).toFixed(3)}, aim ${makespan}) × ideal, ` +
            `${mean(shares).toFixed(3)} (aim ${refused}) refused a request, ${later} after the first second, ${lost} lost`,
        );
      expect(lost).toBe(0);
      expect(mean(times)).toBeLessThan(makespan);
      expect(mean(shares)).toBeLessThan(refused);
      if (refusedLater !== undefined) expect(later).toBeLessThanOrEqual(refusedLater);
    },
  );
});

describe.each(seeds)("with random numbers from seed %i", (seed) => {
  test("a stray 429 now and then does not slow a client down", async () => {
    const fast = { rate: () => 100_000, burst: 100_000 };
    const undisturbed = await simulate(() => ({ requests: 1_500, server: bucket(fast) }), seed);
    const disturbed = await simulate(
      () => ({ requests: 1_500, server: bucket({ ...fast, stray: 0.005 }) }),
      seed,
    );
    expect(disturbed.refused).toBeGreaterThan(0);
    expect(disturbed.lost).toBe(0);
    expect(disturbed.makespanMs / undisturbed.makespanMs).toBeLessThan(1.5);
  });

  test("600 in each 10 minutes, a bare 429: what is over ends with an error, soon after `maxRetryWaitMs`", async () => {
    const result = await simulate(
      () => ({ requests: 100, server: windowed(600, 600_000, "nothing", 540) }),
      seed,
    );
    expect(result.lost === 0 || result.lastLostMs < 120_000).toBe(true);
  });

  test("a server that never takes anything is given up soon after `maxRetryWaitMs`, by all that wait", async () => {
    const result = await simulate(
      () => ({ requests: 100, server: broken(0, Number.POSITIVE_INFINITY, { status: 503 }) }),
      seed,
    );
    expect(result.lost).toBe(100);
    expect(result.makespanMs).toBeLessThan(90_000);
  });
});
