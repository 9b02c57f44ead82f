/** `timeoutMs` bounds every attempt, to the last byte of its answer. */
import { TogetherConnectionError } from "@together-retrieval/core";
import {
  type Answer,
  after,
  drip,
  gate,
  halfBody,
  headersOnly,
  honest,
  silence,
} from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { doors, type Settings } from "./doors.ts";
import { failureOf } from "./failure.ts";

const TIMEOUT_MS = 120;

const stalledRefusal: Answer = (_, reply) => {
  reply.writeHead(500, { "content-length": "1000" });
  reply.write("half of the words");
};

const stalls: [string, Answer][] = [
  ["nothing comes", silence],
  ["only headers come", headersOnly],
  ["half of the body comes", halfBody],
  ["the body comes byte by byte", drip(30)],
  ["half of a refusal comes", stalledRefusal],
];

function impatient(baseURL: string, client: Settings["client"] = {}): Settings {
  return { baseURL, client: { timeoutMs: TIMEOUT_MS, maxRetryWaitMs: 1, ...client } };
}

describe.each(doors)("the deadline through $name", ({ open }) => {
  it.for(stalls)("ends an attempt when %s, and closes its socket", async ([, stall], { server }) => {
    server.always(stall);
    // More than one attempt, because on a busy machine the time may be over before the request is sent.
    const door = open(impatient(server.baseURL, { maxRetries: 2 }));
    const began = performance.now();
    const error = await failureOf(door.embedDocuments(["text"]));
    expect(performance.now() - began).toBeGreaterThanOrEqual(TIMEOUT_MS - 5);
    expect(error).toBeInstanceOf(TogetherConnectionError);
    expect(error).toMatchObject({ message: /within 120 ms.*`timeoutMs`/ });
    const request = await server.nextRequest();
    expect(await request.whenOver()).toBe("closed");
  });

  it("holds for ranking too", async ({ server }) => {
    server.always(headersOnly);
    const error = await failureOf(
      open(impatient(server.baseURL, { maxRetries: 0 })).rerank("query", ["document"]),
    );
    expect(error).toBeInstanceOf(TogetherConnectionError);
  });

  it.for(stalls)("starts anew for the repetition when %s", async ([, stall], { server }) => {
    server.script(stall);
    expect(await open(impatient(server.baseURL)).embedDocuments(["text"])).toEqual([vectorOf("text")]);
    expect(server.requests.length).toBeGreaterThanOrEqual(2);
  });

  it("does not count the wait for a turn", async ({ server }) => {
    const later: Answer = async (request, reply) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await honest()(request, reply);
    };
    server.always(later);
    const client = { timeoutMs: 700, maxRetries: 0, maxConcurrency: 1 };
    const door = open({ baseURL: server.baseURL, client, embed: { batchSize: 1 } });
    expect(await door.embedDocuments(["one", "two", "three", "four", "five", "six"])).toHaveLength(6);
  });

  it("frees its place for the next request", async ({ server }) => {
    server.script(silence);
    const client = { maxConcurrency: 1, maxRetries: 0, timeoutMs: 500 };
    const door = open({ ...impatient(server.baseURL, client), embed: { batchSize: 1 } });
    const late = failureOf(door.embedDocuments(["late"]));
    const next = door.embedDocuments(["next"]);
    expect(await late).toBeInstanceOf(TogetherConnectionError);
    expect(await next).toEqual([vectorOf("next")]);
  });

  it("holds for a `fetch` that does not heed its signal", async ({ server }) => {
    const deaf = () => new Promise<Response>(() => {});
    const door = open(impatient(server.baseURL, { maxRetries: 0, fetch: deaf }));
    expect(await failureOf(door.embedDocuments(["text"]))).toBeInstanceOf(TogetherConnectionError);
  });

  it("closes what a `fetch` that does not heed its signal brings too late", async ({ server }) => {
    const { opened, open: release } = gate();
    server.always(after(opened, headersOnly));
    const deaf: typeof fetch = (url, init) => fetch(url, { ...init, signal: null });
    const door = open(impatient(server.baseURL, { maxRetries: 0, fetch: deaf }));
    expect(await failureOf(door.embedDocuments(["text"]))).toBeInstanceOf(TogetherConnectionError);
    const request = await server.nextRequest();
    release();
    expect(await request.whenOver()).toBe("closed");
  });

  it("is not met by an answer in time", async ({ server }) => {
    const { opened, open: release } = gate();
    server.always(after(opened));
    const found = open(impatient(server.baseURL, { timeoutMs: 2_147_483_647 })).embedDocuments(["text"]);
    await server.nextRequest();
    release();
    expect(await found).toEqual([vectorOf("text")]);
  });
});
