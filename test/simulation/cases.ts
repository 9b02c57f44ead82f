/** The servers that a client meets, with the ideal time of a job on each, and what is aimed at. */
import type { Job } from "./run.ts";
import { broken, bucket, crowded, idealMs, windowed } from "./servers.ts";

export interface Case {
  name: string;
  job: () => Job;
  /** The least time of the job. */
  idealMs: number;
  /** The most times the ideal. */
  makespan: number;
  /** The most refusals for each request. */
  refused: number;
  /** The most refusals after the first second. */
  refusedLater?: number;
}

const ten = () => 10;
const two = () => 2;
const perMinute = () => 1_000_000 / 60;
/** A limit that changes from 10 requests a second to 30 to 5. */
const changing = (now: number) => (now < 5_000 ? 10 : now < 9_000 ? 30 : 5);
const tokenRate = () => 40_000;
const tokens = (request: number) => 1_600 + ((request * 7_919) % 3_200);
/** 5,000 texts in batches of 32. */
const requests = 157;
/** A rate of requests that was right for the first is ten times too high for the last. */
const growing = (request: number) => 800 + 46 * request;
const twoSizes = (request: number) => (request % 2 ? 400 : 4_000);
const sum = (cost: (request: number) => number, count = requests) =>
  Array.from({ length: count }, (_, request) => cost(request)).reduce((total, n) => total + n);

const tokenBucket = { rate: tokenRate, burst: 40_000, unit: "tokens" } as const;
const inOneSecond = { status: 429, headers: { "retry-after": "1" } };
const overloaded = { status: 503 };

export const cases: Case[] = [
  {
    name: "10 requests a second, headers sent, reset at the next request",
    job: () => ({ requests, server: bucket({ rate: ten, burst: 10, headers: "next" }) }),
    idealMs: idealMs(ten, 10, requests),
    makespan: 1.05,
    refused: 0.04,
    refusedLater: 0,
  },
  {
    name: "10 requests a second, headers sent, reset when the bucket is full",
    job: () => ({ requests, server: bucket({ rate: ten, burst: 10, headers: "full" }) }),
    idealMs: idealMs(ten, 10, requests),
    makespan: 1.05,
    refused: 0.04,
    refusedLater: 0,
  },
  {
    name: "40,000 tokens a second, headers sent",
    job: () => ({ requests, tokens, server: bucket({ ...tokenBucket, headers: "next" }) }),
    idealMs: idealMs(tokenRate, 40_000, sum(tokens)),
    makespan: 1.05,
    refused: 0.04,
    refusedLater: 2,
  },
  {
    name: "40,000 tokens a second in requests that grow, a bare 429 that says that tokens were too many",
    job: () => ({ requests, tokens: growing, server: bucket(tokenBucket) }),
    idealMs: idealMs(tokenRate, 40_000, sum(growing)),
    makespan: 1.1,
    refused: 0.2,
  },
  {
    name: "40,000 tokens a second in requests of two sizes, the wait stated, nothing said of tokens",
    job: () => ({
      requests,
      tokens: twoSizes,
      server: bucket({ ...tokenBucket, states: true, tellsUnit: false }),
    }),
    idealMs: idealMs(tokenRate, 40_000, sum(twoSizes)),
    makespan: 1.1,
    refused: 0.2,
  },
  {
    name: "10 requests a second, a bare 429",
    job: () => ({ requests, server: bucket({ rate: ten, burst: 10 }) }),
    idealMs: idealMs(ten, 10, requests),
    makespan: 1.1,
    refused: 0.2,
  },
  {
    name: "10 requests a second, a bare 429, requests of two sizes",
    job: () => ({ requests, tokens: twoSizes, server: bucket({ rate: ten, burst: 10 }) }),
    idealMs: idealMs(ten, 10, requests),
    makespan: 1.1,
    refused: 0.2,
  },
  {
    name: "10 requests a second in requests that grow, a bare 429",
    job: () => ({ requests, tokens: growing, server: bucket({ rate: ten, burst: 10 }) }),
    idealMs: idealMs(ten, 10, requests),
    makespan: 1.1,
    refused: 0.2,
  },
  {
    name: "10 requests a second, a 429 that states its wait",
    job: () => ({ requests, server: bucket({ rate: ten, burst: 10, states: true }) }),
    idealMs: idealMs(ten, 10, requests),
    makespan: 1.1,
    refused: 0.2,
  },
  {
    name: "120 requests a minute, OpenAI's headers",
    job: () => ({
      requests: 200,
      server: bucket({ rate: two, burst: 120, headers: "full", dialect: "openai", states: true }),
    }),
    idealMs: idealMs(two, 120, 200),
    makespan: 1.1,
    refused: 0.03,
    refusedLater: 6,
  },
  {
    name: "1,000,000 tokens a minute, OpenAI's headers",
    job: () => ({
      requests: 500,
      tokens,
      server: bucket({
        rate: perMinute,
        burst: 1_000_000,
        unit: "tokens",
        headers: "full",
        dialect: "openai",
        states: true,
      }),
    }),
    idealMs: idealMs(perMinute, 1_000_000, sum(tokens, 500)),
    makespan: 1.1,
    refused: 0.03,
    refusedLater: 15,
  },
  ...(["ietf", "ietf 07", "ietf 06", "github"] as const).map((dialect) => ({
    name: `40 requests in each 20 s, headers as of ${dialect}`,
    job: () => ({ requests: 150, server: windowed(40, 20_000, dialect) }),
    idealMs: 60_000,
    makespan: 1.1,
    refused: 0.03,
    refusedLater: 4,
  })),
  {
    name: "a limit that changes from 10 to 30 to 5 a second, headers sent",
    job: () => ({ requests, server: bucket({ rate: changing, burst: 10, headers: "next" }) }),
    idealMs: idealMs(changing, 10, requests),
    makespan: 1.05,
    refused: 0.06,
  },
  {
    name: "two clients on one key, headers sent",
    job: () => ({
      requests: 2 * requests,
      clients: 2,
      server: bucket({ rate: ten, burst: 10, headers: "next" }),
    }),
    idealMs: idealMs(ten, 10, 2 * requests),
    makespan: 1.1,
    refused: 0.25,
  },
  {
    name: "three clients on one key, a 429 that states its wait",
    job: () => ({
      requests: 3 * requests,
      clients: 3,
      server: bucket({ rate: ten, burst: 10, states: true }),
    }),
    idealMs: idealMs(ten, 10, 3 * requests),
    makespan: 1.4,
    refused: 0.35,
  },
  {
    name: "10 requests in each second, headers sent",
    job: () => ({ requests, server: windowed(10, 1_000, "together") }),
    idealMs: 15_000,
    makespan: 1.05,
    refused: 0.05,
  },
  {
    name: "10 requests in each 300 ms, a 429 that states its wait: at most two refused in a window",
    job: () => ({ requests, server: windowed(10, 300, "wait") }),
    idealMs: 4_500,
    makespan: 1.4,
    refused: 0.2,
  },
  {
    name: "10 requests in each 5 s, a 429 that states its wait: at most two refused in a window",
    job: () => ({ requests, server: windowed(10, 5_000, "wait") }),
    idealMs: 75_000,
    makespan: 1.1,
    refused: 0.2,
  },
  {
    name: "60 a minute, no burst, a 429 that states its wait",
    job: () => ({ requests: 60, server: bucket({ rate: () => 1, burst: 1, states: true }) }),
    idealMs: 59_000,
    makespan: 1.1,
    refused: 0.5,
  },
  {
    name: "60 a minute, no burst, a bare 429",
    job: () => ({ requests: 60, server: bucket({ rate: () => 1, burst: 1 }) }),
    idealMs: 59_000,
    makespan: 1.15,
    refused: 0.6,
  },
  {
    name: "6 a minute, no burst, a bare 429",
    job: () => ({ requests: 20, server: bucket({ rate: () => 0.1, burst: 1 }) }),
    idealMs: 190_000,
    makespan: 1.2,
    refused: 2.5,
  },
  {
    name: "3 in each minute, a bare 429",
    job: () => ({ requests: 20, server: windowed(3, 60_000, "nothing") }),
    idealMs: 360_000,
    makespan: 1.3,
    refused: 4,
  },
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
    job: () => ({ requests: 300, server: broken(0, 30_000, { status: 429 }) }),
    idealMs: 31_100,
    makespan: 1.2,
    refused: 0.2,
  },
  {
    name: "one request in ten answered 503, for no reason",
    job: () => ({ requests: 1_000, server: broken(0, 0, overloaded, 0.1) }),
    idealMs: 4_100,
    makespan: 2,
    refused: 0.2,
  },
];
