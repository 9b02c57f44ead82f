/** The state of a limit -> headers that tell of it, as several kinds of servers write them. */

interface State {
  unit: "requests" | "tokens";
  limit: number;
  remaining: number;
  resetMs: number;
  /** The time in which the limit may be used. */
  windowMs: number;
}

const wholeSeconds = (ms: number) => Math.ceil(ms / 1_000);

/** A duration as Go writes it: `1m0.5s`, `12ms`. */
function duration(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)}ms`;
  const minutes = Math.floor(ms / 60_000);
  return `${minutes ? `${minutes}m` : ""}${((ms % 60_000) / 1_000).toFixed(3)}s`;
}

export const dialects = {
  together: ({ unit, limit, remaining, resetMs }: State) => {
    const prefix = unit === "requests" ? "x-ratelimit" : "x-tokenlimit";
    return {
      [`${prefix}-limit`]: String(limit),
      [`${prefix}-remaining`]: String(remaining),
      "x-ratelimit-reset": (resetMs / 1_000).toFixed(3),
    };
  },
  openai: ({ unit, limit, remaining, resetMs }: State) => ({
    [`x-ratelimit-limit-${unit}`]: String(limit),
    [`x-ratelimit-remaining-${unit}`]: String(remaining),
    [`x-ratelimit-reset-${unit}`]: duration(resetMs),
  }),
  ietf: ({ limit, remaining, resetMs, windowMs }: State) => ({
    ratelimit: `"default";r=${remaining};t=${wholeSeconds(resetMs)}`,
    "ratelimit-policy": `"default";q=${limit};w=${wholeSeconds(windowMs)}`,
  }),
  "ietf 07": ({ limit, remaining, resetMs }: State) => ({
    ratelimit: `limit=${limit}, remaining=${remaining}, reset=${wholeSeconds(resetMs)}`,
  }),
  "ietf 06": ({ limit, remaining, resetMs, windowMs }: State) => ({
    "ratelimit-limit": `${limit}, ${limit};w=${wholeSeconds(windowMs)}`,
    "ratelimit-remaining": String(remaining),
    "ratelimit-reset": String(wholeSeconds(resetMs)),
  }),
  jina: ({ unit, remaining }: State) => ({ [`x-ratelimit-remaining-${unit}`]: String(remaining) }),
  github: ({ limit, remaining, resetMs }: State) => ({
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(wholeSeconds(Date.now() + resetMs)),
  }),
};

export type Dialect = keyof typeof dialects;
