/** A folder, an index in a folder, and a server that keeps count of what it was asked. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, honest, ranking, refuse } from "@together-retrieval/test-server/answers";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { expect, test } from "vitest";
import {
  type AddOptions,
  addToIndex,
  indexStatus,
  openIndex,
  retryRefused,
  searchIndex,
  verifyIndex,
} from "../index.ts";
import { profile, timeout, useScratch } from "./scratch.ts";

const scratch = useScratch();

test("a folder follows its source: only what changed is paid for, what is gone goes, equal chunks are one", {
  timeout,
}, async () => {
  const docs = await scratch.write("docs", {
    "bees.md": "# Bees\n\nBees make honey from nectar.",
    "copy.txt": "Salt keeps fish.",
    "salt.txt": "Salt keeps fish.",
    "picture.png": "not text",
  });
  const to = scratch.path("index");
  const options: AddOptions = { paths: docs, to, model: "m", profile, client: scratch.client };

  const first = await addToIndex(options);
  expect(first).toMatchObject({ documents: 3, unchanged: 0, chunks: 2, refused: 0, tokens: 2 });
  expect(scratch.asked().toSorted()).toEqual(["# Bees\n\nBees make honey from nectar.", "Salt keeps fish."]);

  const again = await addToIndex(options);
  expect(again).toMatchObject({ documents: 3, unchanged: 3, chunks: 0, removedChunks: 0 });
  expect(scratch.asked()).toEqual([]);

  // The copy stays: its chunk does too, and says so.
  await writeFile(join(docs, "bees.md"), "# Wasps\n\nWasps make paper.");
  await rm(join(docs, "copy.txt"));
  const changed = await addToIndex(options);
  expect(changed).toMatchObject({
    documents: 2,
    unchanged: 1,
    chunks: 1,
    removedDocuments: 1,
    removedChunks: 1,
  });
  expect(scratch.asked()).toEqual(["# Wasps\n\nWasps make paper."]);

  expect(await indexStatus({ to })).toMatchObject({
    documents: 2,
    unfinished: 0,
    chunks: 2,
    hasSearchIndex: true,
    tokens: 3,
  });
  expect(await verifyIndex({ to })).toMatchObject({ chunks: 2, pending: 0, refused: 0, faults: [] });

  const [salt] = await searchIndex("Salt keeps fish.", { to, client: scratch.client, top: 1 });
  expect(salt).toMatchObject({
    text: "Salt keeps fish.",
    metadata: { source: "salt.txt", loc: { lines: { from: 1, to: 1 } } },
  });
  expect(salt?.similarity).toBeCloseTo(1, 5);
  scratch.asked();

  // The reranker sees more than is asked for, and its order counts.
  scratch.server.script(
    honest(),
    ranking(({ results, ...body }) => ({
      ...body,
      results: results.map(({ index, ...result }) => ({ ...result, index, relevance_score: index })),
    })),
  );
  const best = await searchIndex("Salt keeps fish.", {
    to,
    client: scratch.client,
    top: 1,
    rerankModel: "r",
  });
  expect(best).toMatchObject([{ text: "# Wasps\n\nWasps make paper.", relevanceScore: 1 }]);
  const [, rerank] = scratch.server.requests.splice(0);
  expect(rerank).toMatchObject({
    path: "/v1/rerank",
    body: { model: "r", query: "Salt keeps fish.", documents: [salt?.text, best[0]?.text] },
  });

  await expect(addToIndex({ ...options, model: "another" })).rejects.toMatchObject({
    kind: "index",
    message: expect.stringMatching(/made with the model m .* not with the model another/),
  });
  await expect(addToIndex({ ...options, profile: { dimensions: 9 } })).rejects.toMatchObject({
    kind: "index",
  });
  expect((await indexStatus({ to })).chunks).toBe(2);
});

test("what is refused, unreadable or cut short costs nothing else, and is taken up later", {
  timeout,
}, async () => {
  const records = Array.from({ length: 30 }, (_, at) =>
    JSON.stringify({ id: at, text: `Record ${at}`, topic: "t" }),
  );
  const docs = await scratch.write("records", {
    "a.jsonl": records.join("\n"),
    "b.txt": "An ox pulls a plough.",
  });
  await writeFile(join(docs, "c.txt"), Buffer.from([0xff, 0xfe, 0x00]));
  const to = scratch.path("records-index");
  const warnings: string[] = [];
  const options: AddOptions = {
    ...{ paths: docs, to, model: "m", profile, client: scratch.client, batchSize: 10 },
    onWarning: (message) => warnings.push(message),
  };

  // A key that is refused at the second request: what the first one brought is kept.
  const few = scratch.makeClient({ maxConcurrency: 1 });
  scratch.server.script(honest(), refuse(401));
  await expect(addToIndex({ ...options, client: few })).rejects.toMatchObject({ kind: "api" });
  expect(scratch.asked().length).toBeGreaterThanOrEqual(20);
  expect(await indexStatus({ to })).toMatchObject({ chunks: 10 });

  scratch.server.always((request, reply) =>
    request.inputs.includes("Record 25") ? refuse(422)(request, reply) : honest()(request, reply),
  );
  const summary = await addToIndex(options);
  expect(summary).toMatchObject({ chunks: 20, refused: 1, unreadable: [{ name: "c.txt" }] });
  expect(warnings.at(-1)).toMatch(/c\.txt is no text/);
  expect(scratch.asked()).not.toContain("Record 0");
  expect(await verifyIndex({ to })).toMatchObject({ chunks: 30, pending: 0, refused: 1, faults: [] });
  const lines = (await readFile(join(to, "refused.jsonl"), "utf8")).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { source: "a.jsonl#25", status: 422, text: "Record 25", error: expect.stringContaining("422") },
  ]);

  // Known as refused: not asked for again by `add`, but by the command that is for it.
  await addToIndex(options);
  expect(scratch.asked()).toEqual([]);
  expect(await retryRefused({ to, client: scratch.client })).toEqual({ embedded: 0, refused: 1, jobs: 0 });
  scratch.server.always(honest());
  expect(await retryRefused({ to, client: scratch.client })).toEqual({ embedded: 1, refused: 0, jobs: 0 });
  scratch.asked();

  // A stop waits for what is on its way, and keeps it; nothing is removed because it was not met.
  await writeFile(
    join(docs, "a.jsonl"),
    Array.from({ length: 200 }, (_, at) => JSON.stringify({ text: `New ${at}` })).join("\n"),
  );
  const stop = new AbortController();
  const reason = new Error("Enough");
  scratch.server.always(after(Promise.resolve().then(() => stop.abort(reason))));
  await expect(addToIndex({ ...options, client: few, signal: stop.signal })).rejects.toBe(reason);
  const paid = scratch.asked().length;
  const stopped = await indexStatus({ to });
  expect(stopped.chunks).toBe(31 + paid);
  scratch.server.always(honest());
  await addToIndex(options);
  expect(scratch.asked().length).toBe(200 - paid);
  expect(await indexStatus({ to })).toMatchObject({ chunks: 201, documents: 202, unfinished: 1 });
  expect((await verifyIndex({ to })).faults).toEqual([]);

  // What others read through a plain Postgres client is what the server answered.
  const { default: pg } = await import("pg");
  const index = await openIndex({ to });
  await expect(openIndex({ to })).rejects.toMatchObject({
    kind: "index",
    message: expect.stringContaining("in use"),
  });
  expect(index).toMatchObject({ model: "m", profile: { dimensions: 8 } });
  const reader = new pg.Client(index.connection);
  await reader.connect();
  const { rows } = await reader.query(
    `SELECT document, embeddings::text AS vector FROM retrieval.${index.tableName}`,
  );
  for (const { document, vector } of rows) {
    expect(JSON.parse(vector).map(Math.fround)).toEqual(vectorOf(document));
  }
  await reader.end();
  await index.close();
});

test("what was paid for before a source broke is written, to the last batch, which is not full", {
  timeout,
}, async () => {
  const batchSize = 7;
  async function* input() {
    for (let at = 0; at < 1_500; at++) yield `${JSON.stringify({ text: `Text ${at}` })}\n`;
    throw new Error("the pipe broke");
  }
  const to = scratch.path("broken-index");
  const options: AddOptions = {
    input: input(),
    format: "jsonl",
    to,
    model: "m",
    profile,
    client: scratch.client,
    batchSize,
  };
  await expect(addToIndex(options)).rejects.toThrow("the pipe broke");
  const paid = scratch.asked().length;
  expect(paid % batchSize).toBeGreaterThan(0);
  expect(await indexStatus({ to })).toMatchObject({ chunks: paid });
});

test("equal texts far apart in a stream are paid for once, also while the first is on its way", {
  timeout,
}, async () => {
  const distinct = 600;
  let end = () => {};
  const isRead = new Promise<void>((resolve) => {
    end = resolve;
  });
  async function* input() {
    for (let at = 0; at < 2 * distinct; at++) yield `${JSON.stringify({ text: `Text ${at % distinct}` })}\n`;
    end();
  }
  scratch.server.always(after(isRead));
  const to = scratch.path("stream-index");
  const summary = await addToIndex({
    input: input(),
    format: "jsonl",
    to,
    model: "m",
    profile,
    client: scratch.client,
  });
  scratch.server.always(honest());
  expect(summary).toMatchObject({ documents: 2 * distinct, chunks: distinct, totalBytes: undefined });
  expect(scratch.asked().length).toBe(distinct);
  expect((await verifyIndex({ to })).faults).toEqual([]);
});
