/** Headers of an answer -> what they say about limits, in every known dialect. A value that does not parse counts as absent. */

/** What headers say about requests, or about tokens. */
export interface Told {
  limit?: number | undefined;
  /** The units that are left. */
  remaining?: number | undefined;
  /** Milliseconds until there are more. */
  resetMs?: number | undefined;
  /** The window of `limit`, in milliseconds. */
  windowMs?: number | undefined;
  /** More comes back bit by bit; `resetMs` is the time until all is left, as OpenAI writes it. */
  isGradual?: true;
}

type Part = "limit" | "remaining" | "reset";

/** The first dialect that says anything counts. */
const dialects = {
  requests: [
    (part: Part) => `x-ratelimit-${part}`, // Together; GitHub and express-rate-limit with a Unix time
    (part: Part) => `x-ratelimit-${part}-requests`, // OpenAI, LiteLLM, Jina
    (part: Part) => `ratelimit-${part}`, // IETF's draft up to 06
    (part: Part) => `anthropic-ratelimit-requests-${part}`,
  ],
  tokens: [
    (part: Part) => `x-tokenlimit-${part}`, // Together
    (part: Part) => `x-ratelimit-${part}-tokens`,
    (part: Part) => `anthropic-ratelimit-tokens-${part}`,
    (part: Part) => `anthropic-ratelimit-input-tokens-${part}`,
  ],
} as const;

/** `now`: milliseconds since 1970. */
export function readLimits(headers: Headers, now: number): { requests: Told; tokens: Told } {
  const [plain] = dialects.requests;
  const requests = readDialects(headers, dialects.requests, now) ?? readStructured(headers) ?? {};
  // Together documents units a second, and its reset is in seconds, never a Unix time.
  const reset = Number(headers.get(plain("reset")));
  const isTogether = headers.has(plain("limit")) && reset <= 60;
  if (isTogether) requests.windowMs = 1_000;
  const tokens = readDialects(headers, dialects.tokens, now) ?? {};
  if (headers.has("x-tokenlimit-limit")) tokens.windowMs = 1_000;
  return { requests, tokens };
}

function readDialects(headers: Headers, names: readonly ((part: Part) => string)[], now: number) {
  for (const nameOf of names) {
    const told: Told = {
      limit: readCount(headers.get(nameOf("limit"))),
      remaining: readCount(headers.get(nameOf("remaining"))),
      resetMs: readReset(headers.get(nameOf("reset")), now),
    };
    if (isDuration(headers.get(nameOf("reset")))) told.isGradual = true;
    if (Object.values(told).some((figure) => figure !== undefined)) return told;
  }
  return undefined;
}

/** `10`, or the first of `10, 10;w=1`. */
function readCount(value: string | null): number | undefined {
  const [, count] = /^\s*(\d+(?:\.\d+)?)\s*(?:[,;]|$)/.exec(value ?? "") ?? [];
  return count === undefined ? undefined : Number(count);
}

const unitsMs = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000_001 };

function isDuration(value: string | null): boolean {
  return /^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(value ?? "");
}

/** Seconds, a Unix time in seconds or milliseconds, a duration like `6m0s`, or an ISO date -> milliseconds from now. */
export function readReset(value: string | null, now: number): number | undefined {
  const text = value ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) {
    const figure = Number(text);
    const ms = figure > 1e12 ? figure - now : figure > 1e9 ? figure * 1_000 - now : figure * 1_000;
    return Math.max(0, ms);
  }
  if (isDuration(text)) {
    let ms = 0;
    for (const [, figure, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g))
      ms += Number(figure) * unitsMs[unit as keyof typeof unitsMs];
    return ms;
  }
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** IETF's draft from 07: `limit=10, remaining=4, reset=30`; later a list like `"default";r=50;t=30`, its policies apart. */
function readStructured(headers: Headers): Told | undefined {
  const value = headers.get("ratelimit");
  if (!value) return undefined;
  const figure = (item: string, name: string) => {
    const [, digits] = new RegExp(`(?:^|[;,\\s])${name}=(\\d+(?:\\.\\d+)?)(?=$|[;,\\s])`).exec(item) ?? [];
    return digits === undefined ? undefined : Number(digits);
  };
  const ms = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1_000);
  if (figure(value, "remaining") !== undefined)
    return {
      limit: figure(value, "limit"),
      remaining: figure(value, "remaining"),
      resetMs: ms(figure(value, "reset")),
    };
  const nameOf = (item: string) => item.split(";")[0]?.trim() ?? "";
  const policies = new Map(
    (headers.get("ratelimit-policy") ?? "").split(",").map((item) => [nameOf(item), item]),
  );
  const told = value.split(",").flatMap((item): Told[] => {
    const policy = policies.get(nameOf(item)) ?? "";
    const isOfRequests = !/;\s*qu=(?!"requests")/.test(item + policy);
    const remaining = figure(item, "r");
    if (!isOfRequests || remaining === undefined) return [];
    return [
      {
        limit: figure(policy, "q"),
        remaining,
        resetMs: ms(figure(item, "t")),
        windowMs: ms(figure(policy, "w")),
      },
    ];
  });
  // With several policies, the one that allows the least counts.
  return told.sort((a, b) => (a.remaining ?? 0) - (b.remaining ?? 0))[0];
}

const kept = new WeakMap<object, Headers>();

/** The headers of the refusal behind this error. They may tell limits, and must not appear in logs. */
export function keepHeaders<Kind extends object>(error: Kind, headers: Headers | undefined): Kind {
  if (headers) kept.set(error, headers);
  return error;
}

export function headersOf(error: unknown): Headers | undefined {
  return kept.get(error as object);
}
