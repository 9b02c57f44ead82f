/** Servers that accept so many requests or tokens in a time. */
import type { Case } from "./run.ts";
import { bucket, idealMs, windowed } from "./servers.ts";

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

export const rateCases: Case[] = [
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
    name: "50 requests a second, a bare 429",
    job: () => ({ requests: 1_000, server: bucket({ rate: () => 50, burst: 50 }) }),
    idealMs: 19_000,
    makespan: 1.05,
    refused: 0.1,
  },
  {
    name: "50 requests a second, a bare 429, and one request in fifty refused for no reason",
    job: () => ({ requests: 1_000, server: bucket({ rate: () => 50, burst: 50, stray: 0.02 }) }),
    idealMs: 19_000,
    makespan: 1.5,
    refused: 0.25,
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
    name: "10 requests a second, told only what remains",
    job: () => ({ requests, server: bucket({ rate: ten, burst: 10, headers: "next", dialect: "jina" }) }),
    idealMs: idealMs(ten, 10, requests),
    makespan: 1.1,
    refused: 0.2,
  },
  {
    name: "40,000 tokens a second, told only what remains",
    job: () => ({ requests, tokens, server: bucket({ ...tokenBucket, headers: "next", dialect: "jina" }) }),
    idealMs: idealMs(tokenRate, 40_000, sum(tokens)),
    makespan: 1.1,
    refused: 0.2,
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
    name: "two clients on one key, 50 requests a second, a bare 429",
    job: () => ({ requests: 2_000, clients: 2, server: bucket({ rate: () => 50, burst: 50 }) }),
    idealMs: 39_000,
    makespan: 1.3,
    refused: 0.2,
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
];
