/** Calls take turns, and each model has limits of its own. */
import { setTimeout as delay } from "node:timers/promises";
import { TogetherClient } from "@together-retrieval/core";
import { type Answer, gate, honest, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { KEY } from "./client.ts";
import { doors } from "./doors.ts";

const after =
  (ms: number): Answer =>
  async (request, reply) => {
    await delay(ms * (0.8 + 0.2 * Math.random()));
    return honest()(request, reply);
  };
const slow = after(100);

const textsOf = (count: number) => Array.from({ length: count }, (_, at) => `text ${at}`);

describe.each(doors)("turns through $name", ({ open }) => {
  it("let 50 queries pass while a job of 20,000 texts runs: each waits about one request's time", async ({
    server,
  }) => {
    server.always(after(30));
    const shared = new TogetherClient({ apiKey: KEY, baseURL: server.baseURL });
    const door = open({ shared, embed: { batchSize: 10 } });
    const stop = new AbortController();
    let isOver = false;
    const job = door
      .embedDocuments(textsOf(20_000), { signal: stop.signal })
      .catch(() => {})
      .finally(() => {
        isOver = true;
      });
    await server.nextRequest();
    const passedBy: number[] = [];
    for (let query = 0; query < 50; query++) {
      const before = server.requests.length;
      await door.embedQuery(`query ${query}`);
      const arrived = server.requests.findIndex(({ inputs }) => inputs.includes(`query ${query}`));
      passedBy.push(arrived - before);
    }
    expect(isOver).toBe(false);
    stop.abort();
    await job;
    // Requests that had started earlier may still arrive before the query: one round at most.
    expect(Math.max(...passedBy)).toBeLessThanOrEqual(16);
  });

  it("give a query the next free place", async ({ server }) => {
    const gates = textsOf(7).map(() => gate());
    server.always(async (request, reply) => {
      await gates[server.requests.indexOf(request)]?.opened;
      return honest()(request, reply);
    });
    const shared = new TogetherClient({ apiKey: KEY, baseURL: server.baseURL, maxConcurrency: 2 });
    const door = open({ shared, embed: { batchSize: 1 } });
    const job = door.embedDocuments(textsOf(6));
    await Promise.all([server.nextRequest(), server.nextRequest()]);
    const query = door.embedQuery("the query");
    gates[0]?.open();
    expect((await server.nextRequest()).inputs).toEqual(["the query"]);
    for (const { open: release } of gates) release();
    expect(await query).toEqual(vectorOf("the query"));
    await job;
  });

  it("give two jobs equal shares", async ({ server }) => {
    server.always(slow);
    const shared = new TogetherClient({ apiKey: KEY, baseURL: server.baseURL, maxConcurrency: 4 });
    const door = open({ shared, embed: { batchSize: 1 } });
    const first = door.embedDocuments(textsOf(30).map((text) => `first ${text}`));
    const second = door.embedDocuments(textsOf(10).map((text) => `second ${text}`));
    await second;
    const sent = server.requests.map(({ inputs }) => String(inputs[0]).split(" ")[0]);
    expect(sent.filter((job) => job === "first").length).toBeLessThanOrEqual(18);
    await first;
  });
});

describe.each(doors)("the limits of two models through $name", ({ open }) => {
  it("do not mix: a 429 on one delays nothing of the other", async ({ server }) => {
    const controller = new AbortController();
    const { opened: retried, open: onRetry } = gate();
    server.always((request, reply) => {
      const isLimited = request.body.model === "limited";
      return (isLimited ? refuse(429, {}, { "retry-after": "50" }) : honest())(request, reply);
    });
    const shared = new TogetherClient({ apiKey: KEY, baseURL: server.baseURL, onRetry });
    const limited = open({ shared, embed: { model: "limited", batchSize: 1 } });
    const free = open({ shared, embed: { batchSize: 1 } });
    const waiting = limited.embedDocuments(textsOf(40), { signal: controller.signal });
    waiting.catch(() => {});
    await retried;
    const texts = textsOf(40);
    expect(await free.embedDocuments(texts)).toEqual(texts.map((text) => vectorOf(text)));
    expect((await free.rerank("query", ["document"])).length).toBe(1);
    controller.abort();
    await expect(waiting).rejects.toBe(controller.signal.reason);
  });

  it("share one ceiling", async ({ server }) => {
    server.always(slow);
    const shared = new TogetherClient({ apiKey: KEY, baseURL: server.baseURL, maxConcurrency: 4 });
    const jobs = ["one", "two", "three"].map((model) =>
      open({ shared, embed: { model, batchSize: 1 } }).embedDocuments(textsOf(8)),
    );
    await Promise.all(jobs);
    expect(server.mostInFlight).toBe(4);
  });
});

describe.each(doors)("a new client through $name", ({ open }) => {
  it("ranks 1,000 documents in one round", async ({ server }) => {
    const { opened, open: release } = gate();
    server.always(async (request, reply) => {
      await opened;
      return honest()(request, reply);
    });
    const ranking = open(server).rerank("query", textsOf(1_000));
    for (let request = 0; request < 10; request++) await server.nextRequest();
    release();
    expect(await ranking).toHaveLength(1_000);
  });
});
