/** Searches by vector, by words and by both, over files and records, with and without a filter. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TogetherClient } from "@together-retrieval/core";
import { type AwkwardServer, startServer } from "@together-retrieval/test-server/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addToIndex, type IndexHandle, openIndex } from "../index.ts";

const question = "Which bees' honey is it?";
let server: AwkwardServer;
let folder: string;
let client: TogetherClient;
let index: IndexHandle;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "ingest-hybrid-"));
  client = new TogetherClient({ apiKey: "any", baseURL: server.baseURL });
  const records = [
    { id: "honey", topic: "bees", text: "Honey of bees; the word honey comes again: honey." },
    { id: "question", topic: "none", text: question },
    { id: "ox", topic: "oxen", text: "An ox pulls a plough." },
    { id: "wax", topic: "bees", text: "A bee makes wax." },
    { id: "shared", topic: "first", text: "Salt keeps fish." },
    { id: "again", topic: "second", text: "Salt keeps fish." },
  ];
  await writeFile(join(folder, "a.jsonl"), records.map((record) => JSON.stringify(record)).join("\n"));
  const to = join(folder, "index");
  const profile = { dimensions: 8 };
  await addToIndex({ paths: join(folder, "a.jsonl"), to, model: "m", profile, client });
  index = await openIndex({ to });
}, 120_000);
afterAll(async () => {
  await index.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const sources = (results: { metadata: Record<string, unknown> }[]) =>
  results.map(({ metadata }) => String(metadata.source).replace("a.jsonl#", ""));

test("a hybrid search fuses both lists by reciprocal rank and tells each chunk's place in both", async () => {
  const results = await index.search(question, { client, hybrid: true, top: 6 });
  const scoreOf = (rank: number | null | undefined) => (rank ? 1 / (60 + rank) : 0);
  for (const { vectorRank, textRank, fusedScore } of results)
    expect(fusedScore).toBeCloseTo(scoreOf(vectorRank) + scoreOf(textRank), 10);
  const scores = results.map(({ fusedScore = 0 }) => fusedScore);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  const byText = results
    .filter(({ textRank }) => textRank)
    .sort((a, b) => Number(a.textRank) - Number(b.textRank));
  // Word forms are those of the language: "bee" is found by "bees".
  expect(sources(byText).toSorted()).toEqual(["honey", "question", "wax"]);
  expect(results.map(({ vectorRank }) => vectorRank).toSorted()).toEqual([1, 2, 3, 4, 5]);
  expect(results.find(({ text }) => text === question)?.vectorRank).toBe(1);
  expect(results.find(({ text }) => text === question)?.similarity).toBeCloseTo(1, 5);
});

test("a search by vector alone tells no places in lists", async () => {
  const [first] = await index.search(question, { client, top: 1 });
  expect(Object.keys(first ?? {}).toSorted()).toEqual(["id", "metadata", "similarity", "text"]);
});

test.each([false, true])("filters hold for every list, as parameters (hybrid: %s)", async (hybrid) => {
  const find = (filter: Record<string, unknown>, path?: string) =>
    index.search(question, { client, hybrid, top: 6, filter, path });
  expect(sources(await find({ topic: "bees" })).toSorted()).toEqual(["honey", "wax"]);
  expect(await find({ topic: "'; DROP TABLE retrieval.chunks; --" })).toEqual([]);
  expect(await find({}, "b/")).toEqual([]);
  expect(await find({}, "a.jsonl#")).toHaveLength(5);
  // A chunk that stands in two places is found by either, and shows the one that fits.
  expect(sources(await find({ topic: "first" }))).toEqual(["shared"]);
  expect(sources(await find({ topic: "second" }))).toEqual(["again"]);
});

test("a question without words, with quotes or operators is a question as any other", async () => {
  for (const odd of ["?!", "the of and", "' & | ! <-> :*", "\0a", "honey & !bees:*"])
    expect(await index.search(odd, { client, hybrid: true, top: 3 })).toHaveLength(3);
});

test("every chunk can be read with its vector", async () => {
  const vectors: number[] = [];
  for await (const { vector } of index.chunks()) vectors.push(vector.length);
  expect(vectors).toEqual([8, 8, 8, 8, 8]);
});

test("an option that is not known is refused", async () => {
  const odd = { client, topK: 3 } as object;
  await expect(index.search(question, odd)).rejects.toMatchObject({ kind: "usage" });
});
