/** For tests: servers with limits, and jobs that go through limiters, all in simulated time. */
import { Limiter } from "./limiter.ts";
import { backoffMs } from "./retry.ts";

export interface LimitedServer {
  take(tokens: number, now: number): { ok: boolean; headers: Record<string, string> };
  /** Whether what it refuses is told to be too many tokens. */
  ofTokens: boolean;
}

interface BucketOptions {
  /** Units a second, at a time in milliseconds. */
  rate: (now: number) => number;
  burst: number;
  unit?: "requests" | "tokens";
  /** What `x-ratelimit-reset` means when headers are sent: the next unit, or a full bucket. */
  headers?: "next" | "full";
  /** Whether a refusal states its wait. */
  states?: boolean;
  /** The share of requests that are refused for no reason. */
  stray?: number;
}

/** A token bucket. */
export function bucket({
  rate,
  burst,
  unit = "requests",
  headers,
  states,
  stray = 0,
}: BucketOptions): LimitedServer {
  let level = burst;
  let at = 0;
  return {
    ofTokens: unit === "tokens",
    take(tokens, now) {
      for (; at < now; at = Math.min(now, at + 10)) {
        level = Math.min(burst, level + (rate(at) * Math.min(10, now - at)) / 1_000);
      }
      const cost = unit === "requests" ? 1 : tokens;
      const ok = level >= cost && Math.random() >= stray;
      if (ok) level -= cost;
      const told: Record<string, string> = {};
      if (headers) {
        const prefix = unit === "requests" ? "x-ratelimit" : "x-tokenlimit";
        told[`${prefix}-limit`] = String(rate(now));
        told[`${prefix}-remaining`] = String(Math.floor(level));
        const missing = headers === "full" ? burst - level : Math.max(0, 1 - level);
        told["x-ratelimit-reset"] = (missing / rate(now)).toFixed(3);
      }
      if (!ok && states) told["retry-after"] = (Math.max(0, cost - level) / rate(now)).toFixed(3);
      return { ok, headers: told };
    },
  };
}

/** So many requests in each window of time. */
export function windowed(quota: number, windowMs: number, tells: "headers" | "wait"): LimitedServer {
  let current = -1;
  let used = 0;
  return {
    ofTokens: false,
    take(_tokens, now) {
      const window = Math.floor(now / windowMs);
      if (window !== current) used = 0;
      current = window;
      const ok = used < quota;
      if (ok) used++;
      const left = (((window + 1) * windowMs - now) / 1_000).toFixed(3);
      if (tells === "wait") return { ok, headers: ok ? {} : { "retry-after": left } };
      const remaining = String(quota - used);
      return {
        ok,
        headers: {
          "x-ratelimit-limit": String(quota),
          "x-ratelimit-remaining": remaining,
          "x-ratelimit-reset": left,
        },
      };
    },
  };
}

export interface Job {
  requests: number;
  server: LimitedServer;
  clients?: number;
  tokens?: (request: number) => number;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Sends all requests, each client through a limiter of its own. Answers take 40 to 80 ms. */
export async function run({ requests, server, clients = 1, tokens = () => 1 }: Job) {
  const start = performance.now();
  const result = { makespanMs: 0, refused: 0, lost: 0 };
  const client = async () => {
    const limiter = new Limiter(16, 60_000);
    const send = async (request: number) => {
      // Characters overestimate here; the limiter learns it.
      const estimate = tokens(request) * 1.25;
      for (let attempt = 1; attempt <= 6; attempt++) {
        const permit = await limiter.acquire(estimate, new AbortController().signal, attempt > 1);
        const latencyMs = 40 + 40 * Math.random();
        await sleep(0.4 * latencyMs);
        const { ok, headers } = server.take(tokens(request), performance.now() - start);
        await sleep(0.6 * latencyMs);
        if (ok) {
          permit.succeed(new Headers(headers));
          limiter.learnTokens(estimate, tokens(request));
          return;
        }
        result.refused++;
        const seconds = Number(headers["retry-after"] ?? headers["x-ratelimit-reset"] ?? 0);
        const statedMs = seconds > 0 ? seconds * 1_000 : undefined;
        permit.refuse({ statedMs, ofTokens: server.ofTokens });
        if (statedMs === undefined) await sleep(backoffMs(attempt, 60_000));
      }
      result.lost++;
    };
    await Promise.all(Array.from({ length: requests / clients }, (_, request) => send(request)));
  };
  await Promise.all(Array.from({ length: clients }, client));
  result.makespanMs = performance.now() - start;
  return result;
}

/** The least time in which a bucket can give so many units. */
export function idealMs(rate: (now: number) => number, burst: number, units: number): number {
  let ms = 0;
  for (let given = burst; given < units; ms++) given += rate(ms) / 1_000;
  return ms;
}
