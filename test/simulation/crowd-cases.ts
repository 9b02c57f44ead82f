/** Servers that accept so many requests at a time, or none for a while. */
import type { Case } from "./run.ts";
import { broken, crowded, type LimitedServer } from "./servers.ts";

const inOneSecond = { status: 429, headers: { "retry-after": "1" } };
const overloaded = { status: 503 };
const bare429 = { status: 429 };

/** One server for so many milliseconds, then another. */
function followed(ms: number, first: LimitedServer, next: LimitedServer): LimitedServer {
  const start = performance.now();
  return (tokens) => (performance.now() - start < ms ? first(tokens) : next(tokens));
}

export const crowdCases: Case[] = [
  {
    name: "2 at a time, 1 s each, more: 429 with `retry-after: 1`",
    job: () => ({
      requests: 40,
      server: crowded({ atOnce: 2, waiting: 0, workMs: () => 1_000, refusal: inOneSecond }),
    }),
    idealMs: 20_000,
    makespan: 1.2,
    refused: 0.5,
  },
  {
    name: "2 at a time with 2 waiting, 100 ms each, more: 429 with `retry-after: 1`",
    job: () => ({
      requests: 100,
      server: crowded({ atOnce: 2, waiting: 2, workMs: () => 100, refusal: inOneSecond }),
    }),
    idealMs: 5_000,
    makespan: 1.3,
    refused: 0.2,
  },
  {
    name: "503 when more than 4 + 8 are there, 100 ms each",
    job: () => ({
      requests: 200,
      server: crowded({ atOnce: 4, waiting: 8, workMs: () => 100, refusal: overloaded }),
    }),
    idealMs: 5_000,
    makespan: 1.3,
    refused: 0.3,
  },
  {
    name: "503 when more than 1 + 1 are there, 100 ms each",
    job: () => ({
      requests: 200,
      server: crowded({ atOnce: 1, waiting: 1, workMs: () => 100, refusal: overloaded }),
    }),
    idealMs: 20_000,
    makespan: 1.3,
    refused: 0.6,
  },
  {
    name: "503 when more than 4 are there, 15 ms each, so that a refusal takes a third of an answer's time",
    job: () => ({
      requests: 400,
      server: crowded({ atOnce: 4, waiting: 0, workMs: () => 15, refusal: overloaded }),
    }),
    idealMs: 2_250,
    makespan: 1.1,
    refused: 0.25,
  },
  {
    name: "503 beyond 12 in flight, slower the more there are",
    job: () => ({
      requests: 300,
      server: crowded({
        atOnce: 12,
        waiting: 0,
        workMs: (present) => 50 + 10 * present,
        refusal: overloaded,
      }),
    }),
    idealMs: 4_250,
    makespan: 1.5,
    refused: 0.3,
  },
  {
    name: "all 503 for 10 s in the middle",
    job: () => ({ requests: 3_000, server: broken(5_000, 15_000, overloaded) }),
    idealMs: 21_250,
    makespan: 1.3,
    refused: 0.05,
  },
  {
    name: "all 503 for 30 s at the start",
    job: () => ({ requests: 300, server: broken(0, 30_000, overloaded) }),
    idealMs: 31_100,
    makespan: 1.2,
    refused: 0.2,
  },
  {
    name: "nothing but 429s for 30 s, then free",
    job: () => ({ requests: 300, server: broken(0, 30_000, bare429) }),
    idealMs: 31_100,
    makespan: 1.2,
    refused: 0.2,
  },
  {
    name: "one request in ten answered 503, for no reason",
    job: () => ({ requests: 1_000, server: broken(0, 0, overloaded, 0.1) }),
    idealMs: 4_100,
    makespan: 1.15,
    refused: 0.2,
  },
  {
    name: "one request in fifty answered with a bare 429, for no reason",
    job: () => ({ requests: 600, server: broken(0, 0, bare429, 0.02) }),
    idealMs: 2_400,
    makespan: 1.2,
    refused: 0.05,
  },
  {
    name: "2 at a time for 3 s, then 12, 100 ms each, more: a bare 429",
    job: () => {
      const atOnce = (count: number) =>
        crowded({ atOnce: count, waiting: 0, workMs: () => 100, refusal: bare429 });
      return { requests: 1_200, server: followed(3_000, atOnce(2), atOnce(12)) };
    },
    idealMs: 13_200,
    makespan: 1.9,
    refused: 0.1,
  },
];
