/** Servers that accept so many requests at a time, or none for a while. */
import type { Case } from "./run.ts";
import { broken, crowded, type LimitedServer, type Reply } from "./servers.ts";

const inOneSecond = { status: 429, headers: { "retry-after": "1" } };
const in100Ms = { status: 429, headers: { "retry-after": "0.1" } };
const overloaded = { status: 503 };
const bare429 = { status: 429 };

/** One server for so many milliseconds, then another. */
function followed(ms: number, first: LimitedServer, next: LimitedServer): LimitedServer {
  const start = performance.now();
  return (tokens) => (performance.now() - start < ms ? first(tokens) : next(tokens));
}

/** Refuses a share of the requests at any rate, as a gateway does when one of its machines is busy. */
function strays(words: string, refusal: Reply, makespans: [number, number, number]): Case[] {
  const shares = [0.05, 0.1, 0.2];
  return makespans.map((makespan, at) => ({
    name: `one request in ${["twenty", "ten", "five"][at]} answered with ${words}, for no reason`,
    job: () => ({ requests: 1_000, server: broken(0, 0, refusal, shares[at]) }),
    idealMs: 3_750,
    makespan,
    refused: 0.3,
  }));
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
  ...strays("a bare 429", bare429, [2.5, 5, 9]),
  ...strays("a 429 that states 100 ms", in100Ms, [4, 6, 13]),
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
