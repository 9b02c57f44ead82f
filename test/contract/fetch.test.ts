/** What the caller's own `fetch` may do: reject with anything, answer without a body or headers. */
import { TogetherApiError, TogetherConnectionError, TogetherResponseError } from "@together-retrieval/core";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect, it, vi } from "vitest";
import { KEY } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const baseURL = "http://127.0.0.1:9/v1";
const TEXT = "the patient in room seven is called Ottilie";
const body = JSON.stringify({ data: [{ index: 0, embedding: vectorOf(TEXT) }] });

describe.each(doors)("a `fetch` of the caller's, through $name", ({ open }) => {
  const openWith = (fetch: unknown, maxRetries = 1) =>
    open({ baseURL, client: { fetch: fetch as typeof globalThis.fetch, maxRetries, maxRetryWaitMs: 5 } });

  it.for<[string, unknown, string]>([
    ["nothing", undefined, "No connection to the API. "],
    ["null", null, "No connection to the API"],
    ["a string", `${KEY} sent ${TEXT}`, "[key] sent [text]"],
    ["an object", { code: "ECONNRESET" }, "ECONNRESET"],
    ["a frozen error", Object.freeze(new Error("frozen")), "frozen"],
  ])("that rejects with %s is a connection that failed, and is tried again", async ([, reason, words]) => {
    for (const fetch of [
      vi.fn(() => Promise.reject(reason)),
      vi.fn(() => {
        throw reason;
      }),
    ]) {
      const door = openWith(fetch);
      for (const ask of [
        () => door.embedDocuments([TEXT]),
        () => door.embedQuery(TEXT),
        () => door.rerank("q", [TEXT]),
      ]) {
        fetch.mockClear();
        const error = await failureOf(ask());
        expect(error).toBeInstanceOf(TogetherConnectionError);
        expect((error as Error).message).toContain(words);
        expect(`${error}${(error as Error).cause}`).not.toMatch(/Ottilie|a-key-of/);
        expect(fetch).toHaveBeenCalledTimes(2);
      }
    }
  });

  it.for([200, 204])("that answers %i without a body is told at once", async (status) => {
    const fetch = vi.fn(async () => new Response(null, { status }));
    expect(await failureOf(openWith(fetch).embedDocuments([TEXT]))).toBeInstanceOf(TogetherResponseError);
    expect(fetch).toHaveBeenCalledOnce();
  });

  it("that refuses without a body tells the status", async () => {
    const fetch = vi.fn(async () => new Response(null, { status: 503 }));
    expect(await failureOf(openWith(fetch).embedDocuments([TEXT]))).toBeInstanceOf(TogetherApiError);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it("may answer with an object of its own, without headers", async () => {
    const answer = {
      ok: true,
      status: 200,
      body: null,
      arrayBuffer: async () => new TextEncoder().encode(body),
    };
    expect(await openWith(async () => answer).embedDocuments([TEXT])).toEqual([vectorOf(TEXT)]);
  });
});
