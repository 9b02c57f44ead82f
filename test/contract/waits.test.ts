/** How long a request waits before it is sent again, and who waits with it. */
import { setTimeout as delay } from "node:timers/promises";
import { type RetryEvent, TogetherApiError, TogetherClient } from "@together-retrieval/core";
import { type Answer, after, gate, honest, refuse, reset } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import type { AwkwardServer } from "@together-retrieval/test-server/server";
import { describe, expect } from "vitest";
import { KEY } from "./client.ts";
import { type Door, doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

/** Timers may fire a little before their time. */
const EARLY_MS = 5;

/** The wait before the first retry, without waiting for it. */
async function waitAfter(trouble: Answer, server: AwkwardServer, open: Door["open"]): Promise<number> {
  const controller = new AbortController();
  const enough = new Error("the wait is known");
  let waitMs = Number.NaN;
  const onRetry = (event: RetryEvent) => {
    waitMs = event.waitMs;
    controller.abort(enough);
  };
  server.always(trouble);
  const door = open({ baseURL: server.baseURL, client: { onRetry, maxRetryWaitMs: 3_600_000 } });
  await expect(door.embedDocuments(["text"], { signal: controller.signal })).rejects.toBe(enough);
  return waitMs;
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString();

describe.each(doors)("the wait through $name", ({ open }) => {
  it.for<[Record<string, string>, number]>([
    [{ "retry-after-ms": "1500" }, 1_500],
    [{ "retry-after": "2" }, 2_000],
    [{ "retry-after": "0.5" }, 500],
    [{ "x-ratelimit-reset": "3" }, 3_000],
    [{ "x-ratelimit-reset": "0.25" }, 250],
    [{ "retry-after-ms": "900", "retry-after": "60", "x-ratelimit-reset": "61" }, 900],
    [{ "retry-after": "60", "x-ratelimit-reset": "61" }, 60_000],
    [{ "retry-after": "0", "x-ratelimit-reset": "7" }, 7_000],
  ])("is the stated one: %o", async ([headers, waitMs], { server }) => {
    expect(await waitAfter(refuse(429, {}, headers), server, open)).toBe(waitMs);
  });

  it("is the stated one on any status that is repeated", async ({ server }) => {
    for (const status of [408, 409, 425, 500, 503, 529])
      expect(await waitAfter(refuse(status, {}, { "retry-after": "9" }), server, open)).toBe(9_000);
  });

  it("may be stated as a date", async ({ server }) => {
    const waitMs = await waitAfter(refuse(429, {}, { "retry-after": inSeconds(30) }), server, open);
    expect(waitMs).toBeGreaterThan(20_000);
    expect(waitMs).toBeLessThanOrEqual(30_000);
  });

  it.for([
    ["none is stated", () => ({})],
    ["`retry-after` is 0", () => ({ "retry-after": "0" })],
    ["`retry-after` is negative", () => ({ "retry-after": "-5" })],
    ["`retry-after` is a date that has passed", () => ({ "retry-after": inSeconds(-30) })],
    ["`retry-after` is nonsense", () => ({ "retry-after": "soon" })],
    ["`retry-after-ms` is nonsense", () => ({ "retry-after-ms": "soon" })],
    ["`x-ratelimit-reset` is nonsense", () => ({ "x-ratelimit-reset": "soon" })],
  ] as [string, () => Record<string, string>][])(
    "is our own backoff when %s",
    async ([, headers], { server }) => {
      const waitMs = await waitAfter(refuse(503, {}, headers()), server, open);
      expect(waitMs).toBeGreaterThanOrEqual(0);
      expect(waitMs).toBeLessThanOrEqual(1_000);
    },
  );

  it("is sat out before the request is sent again", async ({ server }) => {
    server.script(refuse(429, {}, { "retry-after-ms": "60" }), refuse(503, {}, { "retry-after-ms": "60" }));
    await open(server).embedDocuments(["text"]);
    const [first, second, third] = server.requests.map(({ receivedAt }) => receivedAt);
    expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(60 - EARLY_MS);
    expect(Number(third) - Number(second)).toBeGreaterThanOrEqual(60 - EARLY_MS);
  });

  it("is sat out when it is just `maxRetryWaitMs`", async ({ server }) => {
    server.script(refuse(429, {}, { "retry-after-ms": "20" }));
    const door = open({ baseURL: server.baseURL, client: { maxRetryWaitMs: 20 } });
    expect(await door.embedDocuments(["text"])).toEqual([vectorOf("text")]);
  });

  it.for([429, 503])(
    "beyond `maxRetryWaitMs` is thrown at once on a %i, and nobody else waits",
    async (status, { server }) => {
      server.script(refuse(status, {}, { "retry-after": "120" }));
      const client = new TogetherClient({ apiKey: KEY, baseURL: server.baseURL });
      const door = open({ shared: client });
      const error = await failureOf(door.embedDocuments(["text"]));
      expect(error).toBeInstanceOf(TogetherApiError);
      expect(error).toMatchObject({ status, retryable: true, retryAfterMs: 120_000 });
      expect((error as Error).message).toMatch(/120000 ms|120_000 ms|120 s/);
      expect((error as Error).message).toContain("maxRetryWaitMs");
      expect(server.requests).toHaveLength(1);
      expect(await door.embedDocuments(["text"])).toEqual([vectorOf("text")]);
    },
  );
});

describe.each(doors)("an outage through $name", ({ open }) => {
  it.for<[string, Answer, object]>([
    ["429s that state no wait", refuse(429), { name: "TogetherApiError", status: 429 }],
    ["503s", refuse(503), { name: "TogetherApiError", status: 503 }],
    ["broken connections", reset, { name: "TogetherConnectionError" }],
  ])(
    "of nothing but %s ends all that wait once it lasts longer than `maxRetryWaitMs`, and says so",
    async ([, trouble, expected], { server }) => {
      server.always(trouble);
      const limits = { maxRetries: 2, maxRetryWaitMs: 200 };
      const shared = new TogetherClient({ apiKey: KEY, baseURL: server.baseURL, ...limits });
      const door = open({ shared, embed: { batchSize: 1 } });
      const job = failureOf(door.embedDocuments(Array.from({ length: 40 }, (_, at) => `text ${at}`)));
      for (let request = 0; request < 16; request++) await server.nextRequest();
      const calls = [job, failureOf(door.embedQuery("a query")), failureOf(door.embedQuery("another"))];
      const errors = (await Promise.all(calls)) as Error[];
      for (const error of errors) {
        expect(error).toMatchObject({ ...expected, message: errors[0]?.message });
        expect(error.message).toMatch(
          /^The server accepted nothing for this model for \d\.\d s, longer than `maxRetryWaitMs` \(200 ms\)\. .* raise `maxRetryWaitMs`\. The last error: \w/,
        );
      }
      // Its texts were not all tried: the others waited for one that asked.
      expect(server.requests.length).toBeLessThan(30);
      server.always(honest());
      expect(await door.embedDocuments(["text"])).toEqual([vectorOf("text")]);
    },
  );
});

describe.each(doors)("a rate limit through $name", ({ open }) => {
  it("pauses every request of the client, of both kinds", async ({ server }) => {
    const { opened: retried, open: onRetry } = gate();
    const door = open({ shared: new TogetherClient({ apiKey: KEY, baseURL: server.baseURL, onRetry }) });
    server.script(refuse(429, {}, { "retry-after-ms": "250" }));
    const limited = door.embedDocuments(["limited"]);
    await retried;
    await Promise.all([limited, door.embedQuery("a query"), door.rerank("query", ["document"])]);
    const [first, ...others] = server.requests.map(({ receivedAt }) => receivedAt);
    expect(others).toHaveLength(3);
    for (const at of others) expect(at - Number(first)).toBeGreaterThanOrEqual(250 - EARLY_MS);
  });

  it("pauses what is in the queue already", async ({ server }) => {
    server.script(refuse(429, {}, { "retry-after-ms": "150" }));
    const settings = { baseURL: server.baseURL, client: { maxConcurrency: 1 }, embed: { batchSize: 1 } };
    await open(settings).embedDocuments(["one", "two", "three"]);
    const [first, ...others] = server.requests.map(({ receivedAt }) => receivedAt);
    for (const at of others) expect(at - Number(first)).toBeGreaterThanOrEqual(150 - EARLY_MS);
  });

  it("pauses the others even when its own request is not sent again", async ({ server }) => {
    server.script(refuse(429, {}, { "retry-after-ms": "150" }));
    const client = new TogetherClient({ apiKey: KEY, baseURL: server.baseURL, maxRetries: 0 });
    const door = open({ shared: client });
    await expect(door.embedDocuments(["limited"])).rejects.toMatchObject({ status: 429 });
    await door.embedDocuments(["next"]);
    const [first, second] = server.requests.map(({ receivedAt }) => receivedAt);
    expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(150 - EARLY_MS);
  });

  it("lets work in flight finish", async ({ server }) => {
    const controller = new AbortController();
    const { opened, open: release } = gate();
    const { opened: retried, open: onRetry } = gate();
    const door = open({ shared: new TogetherClient({ apiKey: KEY, baseURL: server.baseURL, onRetry }) });
    server.script(after(opened), refuse(429, {}, { "retry-after": "50" }));
    const inFlight = door.embedDocuments(["in flight"]);
    await server.nextRequest();
    const limited = door.embedDocuments(["limited"], { signal: controller.signal });
    limited.catch(() => {});
    await retried;
    release();
    expect(await inFlight).toEqual([vectorOf("in flight")]);
    controller.abort();
    await expect(limited).rejects.toBe(controller.signal.reason);
  });

  it("is foreseen from the answers: none is sent while none remains", async ({ server }) => {
    server.script(honest({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0.2" }));
    const door = open({ shared: new TogetherClient({ apiKey: KEY, baseURL: server.baseURL }) });
    await door.embedDocuments(["last"]);
    await door.embedDocuments(["next"]);
    const [first, second] = server.requests.map(({ receivedAt }) => receivedAt);
    expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(200 - EARLY_MS);
  });

  it("is not what a 503 is: that one slows its own request only", async ({ server }) => {
    const controller = new AbortController();
    const { opened: retried, open: onRetry } = gate();
    const door = open({ shared: new TogetherClient({ apiKey: KEY, baseURL: server.baseURL, onRetry }) });
    server.script(refuse(503, {}, { "retry-after": "50" }));
    const slowed = door.embedDocuments(["slowed"], { signal: controller.signal });
    slowed.catch(() => {});
    await retried;
    expect(await door.embedDocuments(["another"])).toEqual([vectorOf("another")]);
    controller.abort();
    await expect(slowed).rejects.toBe(controller.signal.reason);
  });

  it("is what many 503s are: a server that takes three at a time loses no text, and refuses few", async ({
    server,
  }) => {
    let refused = 0;
    server.always(async (request, reply) => {
      if (server.inFlight > 3) {
        refused++;
        return refuse(503)(request, reply);
      }
      await delay(10);
      return honest()(request, reply);
    });
    const door = open({ baseURL: server.baseURL, embed: { batchSize: 1 } });
    const texts = Array.from({ length: 150 }, (_, at) => `text ${at}`);
    expect(await door.embedDocuments(texts)).toEqual(texts.map((text) => vectorOf(text)));
    expect(refused).toBeLessThan(150);
  });
});
