/** A server that answers with another model than the one that made the index: before its vectors stand beside the others'. */
import { type Answer, embeddings } from "@together-retrieval/test-server/answers";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { beforeEach, expect, test } from "vitest";
import { type AddOptions, addToIndex, indexStatus, openIndex, searchIndex, verifyIndex } from "../index.ts";
import { profile, timeout, useScratch } from "./scratch.ts";

const scratch = useScratch();

/** Honest vectors in an answer that names this model. */
const named = (model: unknown): Answer => embeddings((body) => ({ ...body, model }));

/** A new index for each test, made by `first`; each call has a client of its own, as a process would. */
let options: AddOptions;
let made = 0;
beforeEach(async () => {
  scratch.server.always(named("first"));
  const docs = await scratch.write(`docs-${made}`, { "a.txt": "Bees make honey." });
  const to = scratch.path(`index-${made++}`);
  options = { paths: docs, to, model: "m", profile, client: scratch.makeClient() };
  await addToIndex(options);
}, timeout);

const again = () => ({ to: options.to, client: scratch.makeClient() });
const refusal = {
  kind: "index",
  message: expect.stringMatching(/answers with the model second, .* of first: .*--same-model/),
};

test("the name that answers tell is kept with the index", { timeout }, async () => {
  expect(await indexStatus({ to: options.to })).toMatchObject({ model: "m", answeredBy: "first" });
  expect(await verifyIndex(again())).toMatchObject({ model: "m", answeredBy: "first", faults: [] });
  const index = await openIndex({ to: options.to });
  expect(index.answeredBy).toBe("first");
  await index.close();
});

test("add and search refuse the answers of another one, and nothing of them is written", {
  timeout,
}, async () => {
  await scratch.write(`docs-${made - 1}`, { "b.txt": "Salt keeps fish." });
  scratch.server.always(named("second"));
  await expect(addToIndex({ ...options, ...again() })).rejects.toMatchObject(refusal);
  await expect(searchIndex("?", again())).rejects.toMatchObject(refusal);
  expect(await indexStatus({ to: options.to })).toMatchObject({ chunks: 1, answeredBy: "first" });
  // Said to be the same: the new name holds from then on.
  await addToIndex({ ...options, ...again(), sameModel: true });
  expect(await searchIndex("?", again())).toHaveLength(2);
  expect(await indexStatus({ to: options.to })).toMatchObject({ chunks: 2, answeredBy: "second" });
});

test("a server that names no model is asked as ever", { timeout }, async () => {
  await scratch.write(`docs-${made - 1}`, { "b.txt": "Salt keeps fish." });
  scratch.server.always(named(null));
  expect(await addToIndex({ ...options, ...again() })).toMatchObject({ chunks: 1 });
  expect(await searchIndex("?", again())).toHaveLength(2);
});

test("verify asks the model by one chunk: for its name, and for the vector", { timeout }, async () => {
  scratch.server.always(named("second"));
  expect((await verifyIndex(again())).faults).toEqual([
    "the server answers with the model second, the index was made with first",
  ]);
  const turned: Answer = embeddings((body) => ({
    ...{ ...body, model: "first" },
    data: [{ object: "embedding", index: 0, embedding: vectorOf("another text") }],
  }));
  scratch.server.always(turned);
  expect((await verifyIndex(again())).faults).toEqual([
    expect.stringMatching(/similarity of -?0\.\d+ to the stored/),
  ]);
  expect((await verifyIndex({ to: options.to })).faults).toEqual([]);
});
