/** The suite for compressors passes our reranker, and finds each fault that a compressor can have. */
import { CohereRerank } from "@langchain/cohere";
import type { Callbacks } from "@langchain/core/callbacks/manager";
import { Document, type DocumentInterface } from "@langchain/core/documents";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import { serve } from "@together-retrieval/test-server/by-words";
import { CohereClient } from "cohere-ai";
import { describe, expect, test } from "vitest";
import { TogetherReranker } from "./index.ts";
import { type CompressorUnderTest, compressorChecks } from "./testing.ts";

const answerable = {
  scoreKey: "relevanceScore",
  query: "capital of France",
  texts: ["Paris is the capital of France", "The capital of Germany", "Sea of sand", "Whales"],
};
const options = { model: "m", apiKey: "test-key" };

describe("TogetherReranker keeps the standard for document compressors", () => {
  test.each(compressorChecks)("$name", async ({ check }) => {
    const create = async (topN?: number) =>
      new TogetherReranker({ ...options, baseURL: (await serve()).baseURL, topN });
    await expect(check({ ...answerable, create })).resolves.toBeUndefined();
  });
});

/** The names of the checks that a compressor fails. */
async function failuresOf(create: CompressorUnderTest["create"]): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, check } of compressorChecks)
    await check({ ...answerable, create }).catch(() => failed.push(name));
  return failed;
}

test("it finds in CohereRerank that it writes into what it was given", async () => {
  const environment = (await serve()).baseURL.replace("/v1", "");
  const client = new CohereClient({ token: "test-key", environment });
  const failed = await failuresOf((topN = 9) => new CohereRerank({ client, model: "m", topN }));
  expect(failed).toEqual([
    "the given documents and their array are not touched",
    "frozen documents are as good as others",
    "documents that share one metadata object get scores of their own",
    "a plain object without metadata is ranked like a Document",
  ]);
});

type Results = DocumentInterface[];

/** Our reranker, with its results changed for the worse. */
class Spoiled extends BaseDocumentCompressor {
  constructor(
    readonly ranker: TogetherReranker,
    readonly spoil: (results: Results, given: Results) => Results,
  ) {
    super();
  }

  override async compressDocuments(documents: Results, query: string, callbacks?: Callbacks) {
    return this.spoil(await this.ranker.compressDocuments(documents, query, callbacks), documents);
  }
}

const spoiled: [string, string, (results: Results, given: Results) => Results][] = [
  ["the worst first", "the best comes first", (results) => [...results].reverse()],
  ["one twice", "at most topN come back", (results) => [...results, ...results.slice(0, 1)]],
  ["more than topN", "at most topN come back", (results, given) => (results.length < 3 ? given : results)],
  [
    "no ids",
    "results are Documents",
    (results) =>
      results.map((result) => new Document({ pageContent: result.pageContent, metadata: result.metadata })),
  ],
  ["plain objects", "results are Documents", (results) => results.map((result) => ({ ...result }))],
  ["the given ones", "the given documents and", (results, given) => (results.length > 3 ? given : results)],
  [
    "something for nothing",
    "no documents",
    (results) => (results.length ? results : [new Document({ pageContent: "" })]),
  ],
  [
    "scores that are no numbers",
    "results are Documents",
    (results) =>
      results.map(
        (result) => new Document({ ...result, metadata: { ...result.metadata, relevanceScore: "1" } }),
      ),
  ],
];

test.each(spoiled)("it finds %s", async (_, promise, spoil) => {
  const { baseURL } = await serve();
  const failed = await failuresOf(
    (topN) => new Spoiled(new TogetherReranker({ ...options, baseURL, topN }), spoil),
  );
  expect(failed.join("\n")).toContain(promise);
});

test("it finds what is no compressor at all", async () => {
  const failed = await failuresOf(() => ({ compressDocuments: async () => [] }) as never);
  expect(failed).toContain("it is a BaseDocumentCompressor of @langchain/core");
});
