import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLimits, readReset } from "./limit-headers.ts";
import { statedWaitMs } from "./retry.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const read = (headers: Record<string, string>) => readLimits(new Headers(headers), now);

describe("headers of limits", () => {
  it.each<[string, Record<string, string>, object]>([
    [
      "Together",
      { "x-ratelimit-limit": "10", "x-ratelimit-remaining": "4", "x-ratelimit-reset": "0.5" },
      { limit: 10, remaining: 4, resetMs: 500, windowMs: 1_000 },
    ],
    [
      "Together, with its longest reset",
      { "x-ratelimit-limit": "10", "x-ratelimit-reset": "60" },
      { limit: 10, resetMs: 60_000, windowMs: 1_000 },
    ],
    [
      "OpenAI",
      {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "59",
        "x-ratelimit-reset-requests": "6m0s",
      },
      { limit: 60, remaining: 59, resetMs: 360_000, isGradual: true },
    ],
    ["Jina", { "x-ratelimit-remaining-requests": "7" }, { remaining: 7 }],
    [
      "IETF 06",
      { "ratelimit-limit": "10, 10;w=1", "ratelimit-remaining": "3", "ratelimit-reset": "2" },
      { limit: 10, remaining: 3, resetMs: 2_000 },
    ],
    [
      "IETF 07",
      { ratelimit: "limit=10, remaining=4, reset=30" },
      { limit: 10, remaining: 4, resetMs: 30_000 },
    ],
    [
      "IETF structured",
      {
        ratelimit: '"hour";r=500;t=1800, "default";r=50;t=30, "bytes";r=1;t=9',
        "ratelimit-policy": '"hour";q=1000;w=3600, "default";q=100;w=60, "bytes";q=9;w=1;qu="content-bytes"',
      },
      { limit: 100, remaining: 50, resetMs: 30_000, windowMs: 60_000 },
    ],
    [
      "IETF structured, the least first, with spaces, of requests, and without a time",
      {
        ratelimit: '"burst" ;r=3, "tokens";r=1;t=9, "hour";r=500;t=1800',
        "ratelimit-policy": '"tokens";q=9; qu="tokens", "burst" ;q=5; qu="requests"',
      },
      { limit: 5, remaining: 3 },
    ],
    ["IETF structured, without what remains", { ratelimit: '"hour";t=9', "ratelimit-policy": "" }, {}],
    [
      "GitHub",
      {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "9",
        "x-ratelimit-reset": `${now / 1_000 + 900}`,
      },
      { limit: 5_000, remaining: 9, resetMs: 900_000 },
    ],
    [
      "Anthropic",
      {
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "2026-01-01T00:00:20Z",
      },
      { limit: 50, remaining: 0, resetMs: 20_000 },
    ],
  ])("of %s are read", (_, headers, told) => {
    expect(read(headers).requests).toEqual(told);
  });

  it("tell of tokens as well", () => {
    expect(read({ "x-ratelimit-remaining-tokens": "9", "x-ratelimit-reset-tokens": "12ms" }).tokens).toEqual({
      remaining: 9,
      resetMs: 12,
      isGradual: true,
    });
    expect(read({ "x-tokenlimit-limit": "9" }).tokens).toEqual({ limit: 9, windowMs: 1_000 });
  });

  it("are nothing where a count is followed by other signs", () => {
    expect(read({ "x-ratelimit-remaining": "10x" }).requests).toEqual({});
  });

  it.each<[string, number | undefined]>([
    ["1", 1_000],
    ["1.25", 1_250],
    ["1.25s", 1_250],
    ["1s", 1_000],
    ["12ms", 12],
    ["1h2m3.5s", 3_723_500],
    [`${now / 1_000 + 5}`, 5_000],
    [`${now + 5_000}`, 5_000],
    [`${now / 1_000 - 5}`, 0],
    ["2026-01-01T00:01:00+00:00", 60_000],
    ["soon", undefined],
    ["-3", undefined],
    ["", undefined],
    ["1s later", undefined],
    ["Infinity", undefined],
  ])("reset in %s", (value, ms) => {
    expect(readReset(value, now)).toBe(ms);
  });

  it("are numbers from 0 up or nothing, whatever they say", () => {
    const names = ["limit", "remaining", "reset"].flatMap((part) => [
      `x-ratelimit-${part}`,
      `x-ratelimit-${part}-requests`,
      `ratelimit-${part}`,
      `x-tokenlimit-${part}`,
      `anthropic-ratelimit-requests-${part}`,
    ]);
    const name = fc.constantFrom(...names, "ratelimit", "ratelimit-policy");
    const value = fc.oneof(
      fc.stringMatching(/^[\x21-\x7e]{0,20}$/),
      fc.double().map(String),
      fc.stringMatching(/^("[a-z]";(r|q|t|w|qu)=[0-9a-z"]{1,5}[,;]){1,3}$/),
      fc.stringMatching(/^([0-9.]{1,9}(h|m|s|ms)?){1,3}$/),
    );
    fc.assert(
      fc.property(fc.dictionary(name, value), fc.constantFrom(429, 503), (dictionary, status) => {
        const headers = new Headers(dictionary);
        const { requests, tokens } = readLimits(headers, now);
        for (const figure of [...Object.values(requests), ...Object.values(tokens)])
          if (typeof figure === "number") expect(figure >= 0 && Number.isFinite(figure)).toBe(true);
        const wait = statedWaitMs(headers, status);
        if (wait !== undefined) expect(Number.isInteger(wait) && wait >= 1).toBe(true);
      }),
    );
  });
});
