/** What `onRequest` reports about every attempt. */
import type { RequestEvent } from "@together-retrieval/core";
import { embeddings, refuse, reset } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

describe.each(doors)("`onRequest` through $name", ({ open }) => {
  it("tells of every attempt, with its number, texts, tokens, times and status", async ({ server }) => {
    const events: RequestEvent[] = [];
    const client = { onRequest: (event: RequestEvent) => events.push(event), maxRetryWaitMs: 5 };
    const door = open({ baseURL: server.baseURL, client });
    server.script(refuse(503), reset);
    await door.embedDocuments(["one", "two"]);
    await door.rerank("query", ["one", "two", "three"]);
    const embed = { kind: "embed", model: "test/model", texts: 2 };
    expect(events).toMatchObject([
      { ...embed, attempt: 1, status: 503, error: "TogetherApiError" },
      { ...embed, attempt: 2, error: "TogetherConnectionError" },
      { ...embed, attempt: 3, status: 200, tokens: 2 },
      { kind: "rerank", attempt: 1, texts: 3, status: 200, tokens: 3 },
    ]);
    for (const { start, end, waitMs } of events) {
      expect(end).toBeGreaterThanOrEqual(start);
      expect(Math.abs(start - Date.now())).toBeLessThan(60_000);
      expect(waitMs).toBeGreaterThanOrEqual(0);
    }
    expect(events[1]).not.toHaveProperty("status");
    expect(JSON.stringify(events)).not.toMatch(/one|two|query|a-key-of-the-tests/);
  });

  it("tells of an answer that does not fit", async ({ server }) => {
    const events: RequestEvent[] = [];
    const client = { onRequest: (event: RequestEvent) => events.push(event) };
    server.always(embeddings((body) => ({ ...body, data: [] })));
    await failureOf(open({ baseURL: server.baseURL, client }).embedDocuments(["one"]));
    expect(events).toMatchObject([{ status: 200, error: "TogetherResponseError" }]);
  });

  it("loses nothing where it throws", async ({ server }) => {
    const client = {
      onRequest: () => {
        throw new Error("the caller's own fault");
      },
    };
    expect(await open({ baseURL: server.baseURL, client }).embedDocuments(["one"])).toHaveLength(1);
  });
});
