/** The limiter against servers that limit, in simulated time. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Limiter } from "../../packages/core/src/limiter.ts";
import { mean, outcome, seeds } from "./aims.ts";
import { cases } from "./cases.ts";
import { simulate } from "./clock.ts";
import { options, run } from "./run.ts";
import { broken, bucket, idealMs, windowed } from "./servers.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("with six seeds of random numbers", () => {
  test.each(cases)("$name: near the ideal time, few refusals, nothing lost", async (one) => {
    const { time, worst, refused, later, lost } = await outcome(one);
    if (process.env.SHOW_SIMULATION)
      console.log(
        `${one.name}: ${time.toFixed(3)} (worst ${worst.toFixed(3)}, aim ${one.makespan}) × ideal, ` +
          `${refused.toFixed(3)} (aim ${one.refused}) refused a request, ${later} after the first second, ${lost} lost`,
      );
    expect(lost).toBe(0);
    expect(time).toBeLessThan(one.makespan);
    expect(refused).toBeLessThan(one.refused);
    if (one.refusedLater !== undefined) expect(later).toBeLessThanOrEqual(one.refusedLater);
  });
});

test.each(["next", undefined] as const)(
  "two models on one client, A 50 a second and B 2 a second (headers: %s), keep to their own ideals",
  async (headers) => {
    const results: { a: number; b: number; lost: number }[] = [];
    for (const seed of seeds) {
      const work = async () => {
        const limiter = new Limiter(options);
        const serverOf = (perSecond: number) =>
          bucket({ rate: () => perSecond, burst: perSecond, ...(headers && { headers }) });
        const [a, b] = await Promise.all([
          run({ model: "A", requests: 500, server: serverOf(50) }, limiter),
          run({ model: "B", requests: 40, server: serverOf(2) }, limiter),
        ]);
        return {
          a: a.makespanMs / idealMs(() => 50, 50, 500),
          b: b.makespanMs / idealMs(() => 2, 2, 40),
          lost: a.lost + b.lost,
        };
      };
      results.push(await simulate(work, seed));
    }
    if (process.env.SHOW_SIMULATION) console.log("two models", headers, results);
    expect(mean(results.map(({ a }) => a))).toBeLessThan(1.05);
    expect(mean(results.map(({ b }) => b))).toBeLessThan(headers ? 1.05 : 1.1);
    expect(results.map(({ lost }) => lost)).toEqual(seeds.map(() => 0));
  },
);

describe.each(seeds)("with random numbers from seed %i", (seed) => {
  test("a stray 429 now and then does not slow a client down", async () => {
    const fast = { rate: () => 100_000, burst: 100_000 };
    const undisturbed = await simulate(() => run({ requests: 1_500, server: bucket(fast) }), seed);
    const disturbed = await simulate(
      () => run({ requests: 1_500, server: bucket({ ...fast, stray: 0.005 }) }),
      seed,
    );
    expect(disturbed.refused).toBeGreaterThan(0);
    expect(disturbed.lost).toBe(0);
    expect(disturbed.makespanMs / undisturbed.makespanMs).toBeLessThan(1.5);
  });

  test("600 in each 10 minutes, a bare 429: what is over ends with an error, soon after `maxRetryWaitMs`", async () => {
    const result = await simulate(
      () => run({ requests: 100, server: windowed(600, 600_000, "nothing", 540) }),
      seed,
    );
    expect(result.lost === 0 || result.lastLostMs < 120_000).toBe(true);
    expect(
      result.errors.filter(
        (message) => !/^The server accepted nothing for this model for \d+\.\d s/.test(message),
      ),
    ).toEqual([]);
  });

  test("600 in each 10 minutes, a bare 429: nothing is lost with a `maxRetryWaitMs` of 11 minutes", async () => {
    const patient = { ...options, maxRetryWaitMs: 660_000 };
    const job = () => ({ requests: 100, server: windowed(600, 600_000, "nothing", 540) });
    const result = await simulate(() => run(job(), new Limiter(patient), patient), seed);
    expect(result.lost).toBe(0);
    expect(result.makespanMs).toBeLessThan(610_000);
  });

  test("a server that never takes anything is given up soon after `maxRetryWaitMs`, by all that wait", async () => {
    const result = await simulate(
      () => run({ requests: 100, server: broken(0, Number.POSITIVE_INFINITY, { status: 503 }) }),
      seed,
    );
    expect(result.lost).toBe(100);
    expect(result.makespanMs).toBeLessThan(90_000);
  });
});
