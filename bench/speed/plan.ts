/** How the server of the benchmark behaves towards one job, and what it tells of the job afterwards. */

export interface Latency {
  /** On the way, there and back together, in milliseconds. */
  fixedMs: number;
  /** Up to this much more, at random. @default 0 */
  spreadMs?: number;
  /** How many requests are worked on at a time; others stand in line. @default as many as come */
  slots?: number;
  /** Work for each text or document. @default 0 */
  perTextMs?: number;
  /** Work for each character, where every text counts as long as the longest of its request. @default 0 */
  perPaddedCharacterMs?: number;
}

/** From `fromMs` after the first request on, `perSecond` units a second come back. */
export interface RateStep {
  fromMs: number;
  perSecond: number;
}

export interface RateLimit {
  unit: "requests" | "tokens";
  burst: number;
  steps: [RateStep, ...RateStep[]];
  /** Whether answers tell of it: `x-ratelimit-*`, or `x-tokenlimit-*` with `x-ratelimit-reset`. */
  headers: boolean;
}

export interface Plan {
  dimensions: number;
  latency?: Latency;
  limit?: RateLimit;
  /** The share of requests that get a 503. @default 0 */
  failShare?: number;
}

/** What the server saw. Times are milliseconds. */
export interface Tally {
  requests: number;
  /** Answered 429. */
  refused: number;
  /** Answered 503. */
  failed: number;
  /** Texts in requests that were answered with vectors or scores. */
  texts: number;
  /** Their characters. */
  characters: number;
  /** Their characters where every text counts as long as the longest of its request. */
  paddedCharacters: number;
  /** Requests that asked for base64. */
  base64: number;
  /** From a request's arrival to its answer, the longest. */
  slowestMs: number;
}

/** The same count on both sides: about five characters a token. Clients that count four must learn it. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / 5) + 2;
}

/** The least time, in milliseconds, in which a limit lets so many units through. */
export function idealMs({ burst, steps }: RateLimit, units: number): number {
  let left = units - burst;
  for (const [at, { fromMs, perSecond }] of steps.entries()) {
    const untilMs = steps[at + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    const neededMs = (1_000 * left) / perSecond;
    if (fromMs + neededMs <= untilMs) return fromMs + Math.max(0, neededMs);
    left -= (perSecond * (untilMs - fromMs)) / 1_000;
  }
  throw new Error("The last step has no end");
}
