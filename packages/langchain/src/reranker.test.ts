import { Document } from "@langchain/core/documents";
import { type Answer, answer } from "@together-retrieval/test-server/answers";
import { serve } from "@together-retrieval/test-server/by-words";
import { expect, test } from "vitest";
import { TogetherReranker, TogetherResponseError } from "./index.ts";

async function start(behaviour?: Answer) {
  const server = await serve(behaviour);
  const options = { apiKey: "test-key", baseURL: server.baseURL, model: "ranker" };
  return { server, options, reranker: new TogetherReranker(options) };
}

const query = "capital of France";
const texts = ["Whales", "The capital of Germany", "Paris is the capital of France"];
const documents = texts.map((pageContent, at) => new Document({ pageContent, metadata: { at } }));

test("rerank gives the caller's own documents, best first, with index and score", async () => {
  const { reranker } = await start();
  const [best, second] = await reranker.rerank(documents, query);
  expect(best).toEqual({ index: 2, relevanceScore: 1, document: documents[2] });
  expect(best?.document).toBe(documents[2]);
  expect(second?.index).toBe(1);
});

test("rerank takes strings and plain objects as they are", async () => {
  const { server, options, reranker } = await start();
  const best = await reranker.rerank(texts, query, { topN: 1 });
  expect(best).toEqual([{ index: 2, relevanceScore: 1, document: texts[2] }]);
  const rows = texts.map((body, at) => ({ title: `Row ${at}`, body }));
  const byBody = new TogetherReranker({ ...options, rankFields: ["body"] });
  const [row] = await byBody.rerank(rows, query);
  expect(row?.document).toBe(rows[2]);
  expect(server.requests.map(({ body }) => [body.documents, body.rank_fields])).toEqual([
    [texts, undefined],
    [rows, ["body"]],
  ]);
});

test("with rankFields a Document travels as those fields of its metadata and its text, and nothing else", async () => {
  const { server, options } = await start();
  const reranker = new TogetherReranker({ ...options, rankFields: ["title", "pageContent"] });
  const titled = new Document({ pageContent: "text", metadata: { title: "Title", secret: "unsent" } });
  await reranker.compressDocuments([titled], query);
  expect(server.requests[0]?.body).toMatchObject({
    documents: [{ title: "Title", pageContent: "text" }],
    rank_fields: ["title", "pageContent"],
  });
});

test("a row with a pageContent of its own keeps its other fields for rankFields", async () => {
  const { server, options } = await start();
  const reranker = new TogetherReranker({ ...options, rankFields: ["title"] });
  await reranker.rerank([{ title: "Title", pageContent: "text" }], query);
  expect(server.requests[0]?.body.documents).toEqual([{ title: "Title" }]);
});

test("topN of a call goes before the reranker's own", async () => {
  const { options } = await start();
  const reranker = new TogetherReranker({ ...options, topN: 1 });
  expect(await reranker.rerank(texts, query)).toHaveLength(1);
  expect(await reranker.rerank(texts, query, { topN: 2 })).toHaveLength(2);
  expect(await reranker.rerank(texts, query, { topN: undefined })).toHaveLength(1);
  expect(await reranker.compressDocuments(documents, query, undefined, { topN: 3 })).toHaveLength(3);
});

test("scoreThreshold and batchSize reach the core", async () => {
  const { server, options } = await start();
  const reranker = new TogetherReranker({ ...options, batchSize: 1, scoreThreshold: 0.5 });
  const found = await reranker.compressDocuments(documents, query);
  expect(found.map(({ metadata }) => metadata.at)).toEqual([2, 1]);
  expect(server.requests).toHaveLength(3);
});

test("the key of the score can be chosen", async () => {
  const { options } = await start();
  const reranker = new TogetherReranker({ ...options, scoreKey: "score", topN: 1 });
  const [best] = await reranker.compressDocuments(documents, query);
  expect(best?.metadata).toEqual({ at: 2, score: 1 });
});

class Page extends Document<{ at: number }> {
  readonly language = "en";
  get headline() {
    return this.pageContent.toUpperCase();
  }
}

test("documents of a subclass stay what they are, with all their fields", async () => {
  const { reranker } = await start();
  const pages = texts.map((pageContent, at) => new Page({ pageContent, metadata: { at }, id: `page-${at}` }));
  const [best] = await reranker.compressDocuments(pages, query);
  expect(best).toBeInstanceOf(Page);
  expect(best).toMatchObject({ id: "page-2", language: "en", headline: "PARIS IS THE CAPITAL OF FRANCE" });
});

test("an answer that names a document twice or not at all gives no documents", async () => {
  const { reranker } = await start(
    answer(200, { results: [5, 5, 5].map((index) => ({ index, relevance_score: 1 })) }),
  );
  await expect(reranker.compressDocuments(documents, query)).rejects.toBeInstanceOf(TogetherResponseError);
});

test("the caller may change its array while the request is out", async () => {
  const { reranker } = await start();
  const lists: [Document[], Document[]] = [[...documents], [...documents]];
  const ranking = [reranker.compressDocuments(lists[0], query), reranker.rerank(lists[1], query)] as const;
  for (const list of lists) list.length = 0;
  expect((await ranking[0]).map(({ metadata }) => metadata.at)).toEqual([2, 1, 0]);
  expect((await ranking[1]).map(({ document }) => document?.metadata.at)).toEqual([2, 1, 0]);
});

test.each([
  [{}, /Expected `model` to be a non-empty string/],
  [{ model: "m", topN: 0 }, /Expected `topN` to be an integer from 1 up, got `0`/],
  [{ model: "m", scoreKey: "" }, /Expected `scoreKey` to be a non-empty string, got `""`/],
  [{ model: "m", scoreKey: " " }, /Expected `scoreKey` to be a non-empty string, got `" "`/],
  [{ model: "m", scoreKey: 7 }, /Expected `scoreKey` to be a non-empty string, got `7`/],
  [{ model: "m", maxChunksPerDoc: 1 }, /Unknown option `maxChunksPerDoc`/],
])("options %o are refused with the name of the one at fault", (options, message) => {
  expect(() => new TogetherReranker({ apiKey: "test-key", ...options } as never)).toThrow(message);
});

test.each([
  [
    "an unknown option of a call",
    [documents, query, { model: "m" }],
    "Unknown option `model`: expected one of topN, signal",
  ],
  ["a blank query", [documents, " "], "Expected `query` to be a non-empty string"],
  ["documents that are no array", ["text", query], "Expected `documents` to be an array, got a string"],
  ["a document that is none", [[documents[0], null], query], "Expected `documents[1]` to be a "],
])("%s is a TypeError before any request", async (_, given, message) => {
  const { server, reranker } = await start();
  const [first, second, third] = given as Parameters<TogetherReranker["rerank"]>;
  await expect(reranker.rerank(first, second, third)).rejects.toThrow(message);
  await expect(reranker.compressDocuments(first as never, second, undefined, third)).rejects.toThrow(message);
  expect(server.requests).toHaveLength(0);
});
