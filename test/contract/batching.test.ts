/** Texts travel in few requests, with texts of similar length together, and as many requests at once as allowed. */

import { after, gate, honest } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { doors } from "./doors.ts";

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `text ${at}`);

describe.each(doors)("batches through $name", ({ open }) => {
  it("carry 100 texts: 1,000 short ones are 10 requests", async ({ server }) => {
    const texts = numbered(1_000);
    expect(await open(server).embedDocuments(texts)).toEqual(texts.map((text) => vectorOf(text)));
    expect(server.requests.map(({ inputs }) => inputs.length)).toEqual(Array(10).fill(100));
  });

  it("carry as many texts as `batchSize` says", async ({ server }) => {
    await open({ baseURL: server.baseURL, embed: { batchSize: 3 } }).embedDocuments(numbered(7));
    expect(server.requests.map(({ inputs }) => inputs.length).sort()).toEqual([1, 3, 3]);
  });

  it("carry equal texts once, and give each its own array", async ({ server }) => {
    const [first, other, second] = await open(server).embedDocuments(["same", "other", "same"]);
    expect(server.requests.map(({ inputs }) => inputs.toSorted())).toEqual([["other", "same"]]);
    expect(first).toEqual(vectorOf("same"));
    expect(other).toEqual(vectorOf("other"));
    expect(second).toEqual(first);
    expect(second).not.toBe(first);
  });

  it("carry texts of like length together", async ({ server }) => {
    const texts = numbered(90).map((text, at) => text.padEnd(10 ** (1 + (at % 3)), "."));
    await open({ baseURL: server.baseURL, embed: { batchSize: 30 } }).embedDocuments(texts);
    const lengths = server.requests.map(({ inputs }) => new Set(inputs.map((text) => text.length)).size);
    expect(lengths).toEqual([1, 1, 1]);
  });

  it("stay below a megabyte, unless one text alone is longer", async ({ server }) => {
    const texts = [...numbered(30).map((text) => text.padEnd(100_000, ".")), "x".repeat(1_500_000)];
    expect(await open(server).embedDocuments(texts)).toHaveLength(31);
    const large = server.requests.filter(({ headers }) => Number(headers["content-length"]) > 1_048_576);
    expect(large.map(({ inputs }) => inputs.length)).toEqual([1]);
    expect(server.requests.length).toBeLessThanOrEqual(6);
  });

  it("count the bytes that travel, not the characters", async ({ server }) => {
    await open(server).embedDocuments(numbered(20).map((text) => text.padEnd(40_000, "語\n")));
    for (const { headers } of server.requests)
      expect(Number(headers["content-length"])).toBeLessThan(1_048_576);
  });

  it("do not wait for each other", async ({ server }) => {
    const { opened, open: release } = gate();
    server.script(after(opened));
    const door = open({ baseURL: server.baseURL, embed: { batchSize: 1 } });
    const found = door.embedDocuments(numbered(30));
    const first = await server.nextRequest();
    const others = await Promise.all(numbered(29).map(() => server.nextRequest()));
    await Promise.all(others.map((request) => request.whenOver()));
    expect(server.inFlight).toBe(1);
    release();
    expect(await found).toHaveLength(30);
    expect(await first.whenOver()).toBe("answered");
  });

  it("are never more in flight than `maxConcurrency`", async ({ server }) => {
    const { opened, open: release } = gate();
    server.always(after(opened));
    const settings = { baseURL: server.baseURL, client: { maxConcurrency: 3 }, embed: { batchSize: 1 } };
    const found = open(settings).embedDocuments(numbered(20));
    for (let at = 0; at < 3; at++) await server.nextRequest();
    release();
    await found;
    expect(server.mostInFlight).toBe(3);
  });

  it("start with `maxConcurrency` in flight", async ({ server }) => {
    const { opened, open: release } = gate();
    server.always((request, reply) =>
      (request.inputs[0] === "probe" ? honest() : after(opened))(request, reply),
    );
    const found = open({ baseURL: server.baseURL, embed: { batchSize: 1 } }).embedDocuments(numbered(40));
    for (let at = 0; at < 16; at++) await server.nextRequest();
    // A seventeenth request would have come before the end of this other client's call.
    await open(server).embedQuery("probe");
    expect(server.inFlight).toBe(16);
    release();
    await found;
  });

  it("carry `model`, `input` and the encoding, and nothing else", async ({ server }) => {
    await open(server).embedDocuments(["text"]);
    const body = { model: "test/model", input: ["text"], encoding_format: "base64" };
    expect(server.requests.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      { method: "POST", path: "/v1/embeddings", body },
    ]);
  });
});
