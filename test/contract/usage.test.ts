/** Tokens are counted if the API reports them, and passed on at once. */
import { TogetherClient, type UsageEvent } from "@together-retrieval/core";
import { embeddings, honest, refuse, reset } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { clientOf, KEY, MODEL } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const withUsage = (usage: unknown) => embeddings((body) => ({ ...body, usage }));

describe.each(doors)("usage through $name", ({ open }) => {
  it("is counted on the client: attempts, repetitions, tokens, by model", async ({ server }) => {
    const shared = new TogetherClient({ apiKey: KEY, baseURL: server.baseURL });
    const door = open({ shared, embed: { batchSize: 2 }, rerank: { model: "test/reranker" } });
    server.script(refuse(503, {}, { "retry-after-ms": "1" }));
    await door.embedDocuments(["a", "b", "c"]);
    await door.rerank("query", ["d", "e"]);
    const embed = { requests: 3, retries: 1, promptTokens: 3 };
    const rerank = { requests: 1, retries: 0, promptTokens: 2 };
    expect(shared.usage).toEqual({
      ...{ requests: 4, retries: 1, promptTokens: 5 },
      byModel: { [MODEL]: embed, "test/reranker": rerank },
    });
  });

  it("is told to `onUsage`, whose failure loses nothing", async ({ server }) => {
    const events: UsageEvent[] = [];
    const onUsage = (event: UsageEvent) => {
      events.push(event);
      throw new Error("the caller's own");
    };
    const door = open({ baseURL: server.baseURL, client: { onUsage } });
    expect(await door.embedDocuments(["a", "b"])).toEqual([vectorOf("a"), vectorOf("b")]);
    expect(await door.rerank("query", ["a"])).toHaveLength(1);
    expect(events).toEqual([
      { kind: "embed", model: MODEL, promptTokens: 2 },
      { kind: "rerank", model: MODEL, promptTokens: 1 },
    ]);
  });

  it("may be untold, null, or odd: vectors come all the same", async ({ server }) => {
    const events: UsageEvent[] = [];
    const door = open({ baseURL: server.baseURL, client: { onUsage: (event) => events.push(event) } });
    for (const usage of [
      undefined,
      null,
      {},
      { prompt_tokens: null },
      { prompt_tokens: "7" },
      { total_tokens: 0, prompt_tokens: 0 },
      "7",
      { prompt_tokens: -1 },
    ]) {
      server.script(withUsage(usage));
      expect(await door.embedDocuments(["a"])).toEqual([vectorOf("a")]);
    }
    expect(events).toEqual([]);
  });

  it("`onProgress` tells texts done, up to all of them, and its failure loses nothing", async ({
    server,
  }) => {
    const told: { done: number; total: number }[] = [];
    const onProgress = (news: { done: number; total: number }) => {
      told.push(news);
      throw new Error("the caller's own");
    };
    const door = open({ baseURL: server.baseURL, embed: { batchSize: 2 } });
    const texts = ["a", "b", "a", "c", "d", "e"];
    expect(await door.embedDocuments(texts, { onProgress })).toEqual(texts.map((text) => vectorOf(text)));
    expect(told.at(-1)).toEqual({ done: 6, total: 6 });
    const done = told.map((news) => news.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(told.every(({ total }) => total === 6)).toBe(true);
  });
});

describe("usage of a client", () => {
  it("is nothing at first, and a copy: what is done to it changes nothing", ({ server }) => {
    const client = clientOf(server);
    const usage = client.usage;
    usage.requests = 7;
    expect(client.usage).toEqual({ requests: 0, retries: 0, promptTokens: 0, byModel: {} });
  });

  it("counts attempts that failed too", async ({ server }) => {
    const client = clientOf(server, { maxRetries: 2 });
    server.script(reset, refuse(503, {}, { "retry-after-ms": "1" }), refuse(401));
    await failureOf(client.embed(["a"], { model: MODEL }));
    expect(client.usage).toMatchObject({ requests: 3, retries: 2, promptTokens: 0 });
  });

  it("serves a callback that rejects later as well", async ({ server }) => {
    server.script(refuse(503, {}, { "retry-after-ms": "1" }), honest());
    const later = async () => {
      throw new Error("the caller's own");
    };
    const client = clientOf(server, { onUsage: later, onRetry: later });
    expect(await client.embed(["a"], { model: MODEL, onProgress: later })).toEqual([vectorOf("a")]);
  });
});
