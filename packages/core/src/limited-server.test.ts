/** The limiter against servers that limit, in simulated time. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bucket, idealMs, type Job, run, windowed } from "./limited-server.sim.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The same random numbers in every run of the test. */
function seedRandom(seed: number): void {
  let state = seed;
  vi.spyOn(Math, "random").mockImplementation(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}

async function simulate(job: Job) {
  const running = run(job);
  let finished = false;
  void running.then(() => {
    finished = true;
  });
  for (let minute = 0; minute < 5 && !finished; minute++) await vi.advanceTimersByTimeAsync(60_000);
  return running;
}

const ten = () => 10;
/** A limit that changes from 10 requests a second to 30 to 5. */
const changing = (now: number) => (now < 5_000 ? 10 : now < 9_000 ? 30 : 5);
const tokenRate = () => 40_000;
const tokens = (request: number) => 1_600 + ((request * 7_919) % 3_200);
/** 5,000 texts in batches of 32. */
const requests = 157;
/** A rate of requests that was right for the first is ten times too high for the last. */
const growing = (request: number) => 800 + 46 * request;
const sum = (cost: (request: number) => number) =>
  Array.from({ length: requests }, (_, request) => cost(request)).reduce((total, n) => total + n);

const cases: [string, { job: () => Job; ideal: number; makespan: number; refused: number }][] = [
  [
    "10 requests a second, headers sent, reset at the next request",
    {
      job: () => ({ requests, server: bucket({ rate: ten, burst: 10, headers: "next" }) }),
      ideal: idealMs(ten, 10, requests),
      makespan: 1.05,
      refused: 0.03,
    },
  ],
  [
    "10 requests a second, headers sent, reset when the bucket is full",
    {
      job: () => ({ requests, server: bucket({ rate: ten, burst: 10, headers: "full" }) }),
      ideal: idealMs(ten, 10, requests),
      makespan: 1.05,
      refused: 0.03,
    },
  ],
  [
    "40,000 tokens a second, headers sent",
    {
      job: () => ({
        requests,
        tokens,
        server: bucket({ rate: tokenRate, burst: 40_000, unit: "tokens", headers: "next" }),
      }),
      ideal: idealMs(tokenRate, 40_000, sum(tokens)),
      makespan: 1.05,
      refused: 0.03,
    },
  ],
  [
    "40,000 tokens a second in requests that grow, a bare 429 that says that tokens were too many",
    {
      job: () => ({
        requests,
        tokens: growing,
        server: bucket({ rate: tokenRate, burst: 40_000, unit: "tokens" }),
      }),
      ideal: idealMs(tokenRate, 40_000, sum(growing)),
      makespan: 1.1,
      refused: 0.2,
    },
  ],
  [
    "10 requests a second, a bare 429",
    {
      job: () => ({ requests, server: bucket({ rate: ten, burst: 10 }) }),
      ideal: idealMs(ten, 10, requests),
      makespan: 1.1,
      refused: 0.2,
    },
  ],
  [
    "10 requests a second, a 429 that states its wait",
    {
      job: () => ({ requests, server: bucket({ rate: ten, burst: 10, states: true }) }),
      ideal: idealMs(ten, 10, requests),
      makespan: 1.1,
      refused: 0.2,
    },
  ],
  [
    "a limit that changes from 10 to 30 to 5 a second, headers sent",
    {
      job: () => ({ requests, server: bucket({ rate: changing, burst: 10, headers: "next" }) }),
      ideal: idealMs(changing, 10, requests),
      makespan: 1.05,
      refused: 0.03,
    },
  ],
  [
    "two clients on one key, headers sent",
    {
      job: () => ({
        requests: 2 * requests,
        clients: 2,
        server: bucket({ rate: ten, burst: 10, headers: "next" }),
      }),
      ideal: idealMs(ten, 10, 2 * requests),
      makespan: 1.1,
      refused: 0.25,
    },
  ],
  [
    "10 requests in each second, headers sent",
    {
      job: () => ({ requests, server: windowed(10, 1_000, "headers") }),
      ideal: 15_000,
      makespan: 1.05,
      refused: 0.05,
    },
  ],
  [
    "10 requests in each 300 ms, a 429 that states its wait: at most two refused in a window",
    {
      job: () => ({ requests, server: windowed(10, 300, "wait") }),
      ideal: 4_500,
      makespan: 1.4,
      refused: 0.2,
    },
  ],
  [
    "10 requests in each 5 s, a 429 that states its wait: at most two refused in a window",
    {
      job: () => ({ requests, server: windowed(10, 5_000, "wait") }),
      ideal: 75_000,
      makespan: 1.1,
      refused: 0.2,
    },
  ],
];

describe.each([1, 2, 3, 4, 5, 6])("with random numbers from seed %i", (seed) => {
  test.each(cases)(
    "%s: near the ideal time, few refusals, nothing lost",
    async (_, { job, ideal, makespan, refused }) => {
      seedRandom(seed);
      const result = await simulate(job());
      expect(result.lost).toBe(0);
      expect(result.makespanMs / ideal).toBeLessThan(makespan);
      expect(result.refused / job().requests).toBeLessThan(refused);
    },
  );

  test("a stray 429 now and then does not slow a client down", async () => {
    const fast = { rate: () => 100_000, burst: 100_000 };
    seedRandom(seed);
    const undisturbed = await simulate({ requests: 1_500, server: bucket(fast) });
    const disturbed = await simulate({ requests: 1_500, server: bucket({ ...fast, stray: 0.005 }) });
    expect(disturbed.refused).toBeGreaterThan(0);
    expect(disturbed.lost).toBe(0);
    expect(disturbed.makespanMs / undisturbed.makespanMs).toBeLessThan(1.5);
  });
});
