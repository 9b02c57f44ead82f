/** Vector i belongs to text i, or no vector comes at all. */
import { TogetherResponseError } from "@together-retrieval/core";
import { answer, embeddings, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import type { EmbeddingBody, EmbeddingEntry } from "@together-retrieval/test-server/honest";
import { embeddingBody, toBase64, vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const texts = ["apple", "a longer text about pears", "fig", "plums and other stone fruit"];
const vectors = texts.map((text) => vectorOf(text));

function withEntries(change: (entries: EmbeddingEntry[]) => unknown[]) {
  return embeddings((body) => ({ ...body, data: change(body.data) }));
}

function withFirst(change: (entry: EmbeddingEntry) => unknown) {
  return withEntries(([first, ...others]) => [change(first as EmbeddingEntry), ...others]);
}

const withFirstVector = (embedding: unknown) => withFirst((entry) => ({ ...entry, embedding }));
const withoutIndex = ({ object, embedding }: EmbeddingEntry) => ({ object, embedding });

/** The same JSON with the members of every object in reverse order. */
function inReverse(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inReverse);
  const members = Object.entries(value).map(([name, member]) => [name, inReverse(member)] as const);
  return Object.fromEntries(members.reverse());
}

const exponential = (number: string) => Number(number).toExponential().toUpperCase();

/** Answers that look like embeddings and are not. */
const decoys = { note: '"embedding":[9,9],"index":0', embeddings: [[9], { embedding: [9] }], nothing: [] };

/** One entry for each text, in which the vector of the last is written like this. */
function oneVector(written: string) {
  const entries = texts.map((_, index) => `{"index":${index},"embedding":${index < 3 ? "[1,2,3]" : written}`);
  return answer(200, `{"data":[${entries.join("},")}}]}`, { "content-type": "application/json" });
}

describe.each(doors)("vectors through $name", ({ open }) => {
  it("belong to their texts when the answer comes backwards", async ({ server }) => {
    server.always(withEntries((entries) => entries.reverse()));
    expect(await open(server).embedDocuments(texts)).toEqual(vectors);
  });

  it("belong to their texts when every batch is shuffled, some are repeated, and lengths differ", async ({
    server,
  }) => {
    const many = Array.from({ length: 60 }, (_, at) => "x".repeat((at * 7) % 13) + (at % 40));
    server.script(refuse(503, {}, { "retry-after-ms": "1" }), refuse(429, {}, { "retry-after-ms": "1" }));
    server.always(
      withEntries((entries) =>
        entries.toSorted((a, b) => (((a.index ?? 0) * 7) % 5) - (((b.index ?? 0) * 7) % 5)),
      ),
    );
    const found = await open({ baseURL: server.baseURL, embed: { batchSize: 7 } }).embedDocuments(many);
    expect(found).toEqual(many.map((text) => vectorOf(text)));
  });

  it("are placed by position when every index is absent", async ({ server }) => {
    server.always(withEntries((entries) => entries.map(withoutIndex)));
    expect(await open(server).embedDocuments(texts)).toEqual(vectors);
  });

  it("are read from base64 that nobody asked for", async ({ server }) => {
    server.always(
      withEntries((entries) =>
        entries.map((entry) => ({ ...entry, embedding: toBase64(entry.embedding as number[]) })),
      ),
    );
    const { baseURL } = server;
    expect(await open({ baseURL, embed: { encodingFormat: "float" } }).embedDocuments(texts)).toEqual(
      vectors,
    );
  });

  it.for<[string, (body: EmbeddingBody) => string]>([
    ["with spaces and lines", (body) => JSON.stringify(body, null, 2)],
    ["with tabs, and a byte order mark", (body) => `\ufeff${JSON.stringify(body, null, "\t")}`],
    ["with members in another order", (body) => JSON.stringify(inReverse(body))],
    ["with exponents", (body) => JSON.stringify(body).replace(/-?0\.\d+/g, exponential)],
    ["with more members than are known", (body) => JSON.stringify({ ...decoys, ...body, more: [decoys] })],
  ])("are read from JSON %s", async ([, write], { server }) => {
    server.always((request, reply) =>
      answer(200, write(embeddingBody(request.body)), { "content-type": "application/json" })(request, reply),
    );
    expect(await open(server).embedDocuments(texts)).toEqual(vectors);
  });

  it("of a query is the query's", async ({ server }) => {
    expect(await open(server).embedQuery("fig")).toEqual(vectorOf("fig"));
  });

  it.for<[string, ReturnType<typeof embeddings>, RegExp]>([
    ["a number has no end", oneVector("[1,2,3e999]"), /not a finite number/],
    ["JSON breaks off inside a vector", oneVector("[1,2"), /not a JSON object/],
    ["an index is missing", withFirst(withoutIndex), /`data\[0\]` has no index/],
    ["an index is null", withFirst((entry) => ({ ...entry, index: null })), /`data\[0\]` has no index/],
    [
      "every index is null",
      withEntries((entries) => entries.map((entry) => ({ ...entry, index: null }))),
      /no index/,
    ],
    ["an index comes twice", withFirst((entry) => ({ ...entry, index: 1 })), /index 1 comes twice/],
    [
      "an index is negative",
      withFirst((entry) => ({ ...entry, index: -1 })),
      /`data\[0\]` has no index from 0 to 3/,
    ],
    [
      "an index is out of range",
      withFirst((entry) => ({ ...entry, index: 4 })),
      /`data\[0\]` has no index from 0 to 3/,
    ],
    ["an index is a fraction", withFirst((entry) => ({ ...entry, index: 0.5 })), /`data\[0\]` has no index/],
    ["an index is a string", withFirst((entry) => ({ ...entry, index: "0" })), /`data\[0\]` has no index/],
    ["an entry is null", withFirst(() => null), /`data\[0\]` is not an object/],
    ["an entry is missing", withEntries((entries) => entries.slice(1)), /3 entries for 4 inputs/],
    [
      "there is an entry too many",
      withEntries((entries) => [...entries, entries[0]]),
      /5 entries for 4 inputs/,
    ],
    ["there are no entries", withEntries(() => []), /0 entries for 4 inputs/],
    ["a vector is null", withFirstVector(null), /embedding of input 0/],
    ["a vector is empty", withFirstVector([]), /embedding of input 0/],
    ["a vector is an object", withFirstVector({ 0: 1 }), /embedding of input 0/],
    ["a vector holds null", withFirstVector([1, null, 3]), /embedding of input 0/],
    ["a vector holds a string", withFirstVector([1, "2", 3]), /embedding of input 0/],
    ["base64 is cut inside a number", withFirstVector("AAAAAAA="), /embedding of input 0/],
    ["base64 is none", withFirstVector("no base64!"), /embedding of input 0/],
    ["base64 is empty", withFirstVector(""), /embedding of input 0/],
    [
      "base64 holds an infinite number",
      withFirstVector(toBase64([Number.POSITIVE_INFINITY])),
      /embedding of input 0/,
    ],
    ["base64 holds NaN", withFirstVector(toBase64([Number.NaN])), /embedding of input 0/],
    ["two vectors differ in dimensions", withFirstVector([1, 2, 3]), /8 dimensions.* 3|3 dimensions.* 8/],
    ["`data` is absent", embeddings(({ data, ...body }) => body), /`data` is not an array/],
    [
      "`data` is an object",
      embeddings((body) => ({ ...body, data: { ...body.data } })),
      /`data` is not an array/,
    ],
    ["the answer is an array of something else", embeddings((body) => [body]), /1 entries for 4 inputs/],
    ["the answer is null", embeddings(() => null), /not a JSON object/],
    ["the answer is a string", embeddings(() => "sorry"), /not a JSON object/],
  ])("do not come when %s", async ([, answer, words], { server }) => {
    server.always(answer);
    const error = await failureOf(open(server).embedDocuments(texts));
    expect(error).toBeInstanceOf(TogetherResponseError);
    expect((error as Error).message).toMatch(words);
    expect(server.requests).toHaveLength(1);
  });

  it("do not come when two batches differ in dimensions", async ({ server }) => {
    const odd = (body: EmbeddingBody) => ({ ...body, data: [{ index: 0, embedding: [1, 2] }] });
    server.script(embeddings(odd));
    const found = open({ baseURL: server.baseURL, embed: { batchSize: 1 } }).embedDocuments(texts);
    await expect(found).rejects.toThrow(/dimensions/);
    await expect(found).rejects.toBeInstanceOf(TogetherResponseError);
  });
});
