/** Servers with limits, in simulated time: each takes a request and answers it after a while. */
import { type Dialect, dialects } from "./dialects.ts";

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** Whether a refusal says that tokens were too many. */
  ofTokens?: boolean;
}

/** Answers a request of so many tokens. */
export type LimitedServer = (tokens: number) => Promise<Reply>;

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Answers take 40 to 80 ms, and are decided on the way. */
function prompt(decide: (tokens: number, now: number) => Reply): LimitedServer {
  const start = performance.now();
  return async (tokens) => {
    const latencyMs = 40 + 40 * Math.random();
    await sleep(0.4 * latencyMs);
    const reply = decide(tokens, performance.now() - start);
    await sleep(0.6 * latencyMs);
    return reply;
  };
}

interface BucketOptions {
  /** Units a second, at a time in milliseconds. */
  rate: (now: number) => number;
  burst: number;
  unit?: "requests" | "tokens";
  /** What the reset means when headers are sent: the next unit, or a full bucket. */
  headers?: "next" | "full";
  /** How the headers are written. @default "together" */
  dialect?: Dialect;
  /** Whether a refusal states its wait. */
  states?: boolean;
  /** Whether a refusal says that tokens were too many. */
  tellsUnit?: boolean;
  /** The share of requests that are refused for no reason. */
  stray?: number;
}

/** A token bucket. */
export function bucket(options: BucketOptions): LimitedServer {
  const {
    rate,
    burst,
    unit = "requests",
    headers,
    states,
    tellsUnit = true,
    stray = 0,
    dialect = "together",
  } = options;
  let level = burst;
  let at = 0;
  return prompt((tokens, now) => {
    for (; at < now; at = Math.min(now, at + 10)) {
      level = Math.min(burst, level + (rate(at) * Math.min(10, now - at)) / 1_000);
    }
    const cost = unit === "requests" ? 1 : tokens;
    const isTaken = level >= cost && Math.random() >= stray;
    if (isTaken) level -= cost;
    const told: Record<string, string> = {};
    if (headers) {
      const missing = headers === "full" ? burst - level : Math.max(0, 1 - level);
      const state = { remaining: Math.floor(level), resetMs: (1_000 * missing) / rate(now) };
      const limit = dialect === "together" ? rate(now) : burst;
      Object.assign(
        told,
        dialects[dialect]({ ...state, unit, limit, windowMs: (1_000 * burst) / rate(now) }),
      );
    }
    if (!isTaken && states) told["retry-after"] = (Math.max(0, cost - level) / rate(now)).toFixed(3);
    return { status: isTaken ? 200 : 429, headers: told, ofTokens: tellsUnit && unit === "tokens" };
  });
}

/** So many requests in each window of time, of which `used` are gone in the first. */
export function windowed(
  quota: number,
  windowMs: number,
  tells: Dialect | "wait" | "nothing",
  used = 0,
): LimitedServer {
  let current = 0;
  let taken = used;
  return prompt((_tokens, now) => {
    const window = Math.floor(now / windowMs);
    if (window !== current) taken = 0;
    current = window;
    const status = taken < quota ? 200 : 429;
    if (status === 200) taken++;
    const resetMs = (window + 1) * windowMs - now;
    if (tells === "nothing" || (tells === "wait" && status === 200)) return { status };
    if (tells === "wait") return { status, headers: { "retry-after": (resetMs / 1_000).toFixed(3) } };
    const state = { limit: quota, remaining: quota - taken, resetMs, windowMs };
    return { status, headers: dialects[tells]({ ...state, unit: "requests" }) };
  });
}

interface CrowdedOptions {
  /** Requests that are worked on at a time, and those that may wait beside them. */
  atOnce: number;
  waiting: number;
  /** Milliseconds of work for a request, by how many are there. */
  workMs: (present: number) => number;
  /** The answer to what is too many. */
  refusal: Reply;
}

/** Takes a few at a time, and refuses the others at once. */
export function crowded({ atOnce, waiting, workMs, refusal }: CrowdedOptions): LimitedServer {
  let present = 0;
  const line: (() => void)[] = [];
  let working = 0;
  return async () => {
    await sleep(5 + 5 * Math.random());
    if (present >= atOnce + waiting) return refusal;
    present++;
    if (working >= atOnce) await new Promise<void>((go) => line.push(go));
    working++;
    await sleep(workMs(present) * (0.95 + 0.1 * Math.random()));
    working--;
    present--;
    line.shift()?.();
    return { status: 200 };
  };
}

/** Refuses everything from one moment to another. */
export function broken(fromMs: number, toMs: number, refusal: Reply, share = 0): LimitedServer {
  return prompt((_tokens, now) => {
    const isBroken = (now >= fromMs && now < toMs) || Math.random() < share;
    return isBroken ? refusal : { status: 200 };
  });
}

/** The least time in which a bucket can give so many units. */
export function idealMs(rate: (now: number) => number, burst: number, units: number): number {
  let ms = 0;
  for (let given = burst; given < units; ms++) given += rate(ms) / 1_000;
  return ms;
}
