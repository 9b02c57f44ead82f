/** A number of texts -> the limits that a job of so many is tried against, with the ideal time and what is aimed at. */
import { idealMs, type Plan, type RateLimit, tokensOf } from "../plan.ts";
import { makeTexts } from "../texts.ts";

export interface LimitCase {
  name: string;
  plan: Plan;
  idealMs: number;
  /** Processes that share the limit, each with a whole job of its own. */
  clients: number;
  /** The most times the ideal. */
  makespan: number;
  refusedPercent: number;
}

const BATCH = 32;
const dimensions = 64;
const latency = { fixedMs: 40, spreadMs: 40 };

/** Smaller jobs get limits that change sooner. */
export function limitCases(texts: number): LimitCase[] {
  const scale = texts / 5_000;
  const requests = Math.ceil(texts / BATCH);
  const tokens = makeTexts("paragraphs", texts).reduce((sum, text) => sum + tokensOf(text), 0);
  const ten: RateLimit = {
    unit: "requests",
    burst: 10,
    steps: [{ fromMs: 0, perSecond: 10 }],
    headers: true,
  };
  const changing: RateLimit = {
    ...ten,
    steps: [
      { fromMs: 0, perSecond: 10 },
      { fromMs: 4_000 * scale, perSecond: 30 },
      { fromMs: 6_000 * scale, perSecond: 5 },
    ],
  };
  const byTokens: RateLimit = {
    unit: "tokens",
    burst: 40_000,
    steps: [{ fromMs: 0, perSecond: 40_000 }],
    headers: true,
  };
  const make = (
    name: string,
    limit: RateLimit,
    units: number,
    aims: Pick<LimitCase, "makespan" | "refusedPercent">,
    clients = 1,
  ) => ({
    name,
    plan: { dimensions, latency, limit },
    idealMs: idealMs(limit, clients * units) + latency.fixedMs,
    clients,
    ...aims,
  });
  const strict = { makespan: 1.05, refusedPercent: 3 };
  const lenient = { makespan: 1.1, refusedPercent: 20 };
  return [
    make("10 requests a second, headers", ten, requests, strict),
    make("40,000 tokens a second, headers", byTokens, tokens, strict),
    make("10 requests a second, a bare 429", { ...ten, headers: false }, requests, lenient),
    make("10, then 30, then 5 requests a second, headers", changing, requests, {
      ...lenient,
      makespan: 1.05,
    }),
    make("two clients on one key, headers", ten, requests, lenient, 2),
  ];
}
