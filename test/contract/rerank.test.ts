/** Documents with their scores, best first, in any number of requests. */
import { TogetherResponseError } from "@together-retrieval/core";
import { after, gate, ranking, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { type RerankEntry, scoreOf } from "@together-retrieval/test-server/honest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { clientOf, MODEL } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const documents = Array.from({ length: 23 }, (_, at) => `document ${at}`);

function expectedRanking(given: readonly unknown[]) {
  return given
    .map((document, index) => ({ index, relevanceScore: scoreOf(document) }))
    .sort((a, b) => b.relevanceScore - a.relevanceScore || a.index - b.index);
}

const indexAndScore = ({ index, relevanceScore }: { index: number; relevanceScore: number }) => ({
  index,
  relevanceScore,
});

function withResults(change: (results: RerankEntry[]) => unknown[]) {
  return ranking((body) => ({ ...body, results: change(body.results) }));
}

function withFirst(change: (entry: RerankEntry) => unknown) {
  return withResults(([first, ...others]) => [change(first as RerankEntry), ...others]);
}

describe.each(doors)("ranking through $name", ({ open }) => {
  it("gives every document once, best first", async ({ server }) => {
    const ranked = await open(server).rerank("query", documents);
    expect(ranked.map(indexAndScore)).toEqual(expectedRanking(documents));
    expect(server.requests).toHaveLength(1);
  });

  it("sends the model, the query and the documents, and does not ask for them back", async ({ server }) => {
    await open(server).rerank("query", ["a", "b"]);
    const [request] = server.requests;
    expect(request?.path).toBe("/v1/rerank");
    expect(request?.body).toEqual({
      model: MODEL,
      query: "query",
      documents: ["a", "b"],
      return_documents: false,
    });
  });

  it("sorts by itself, and keeps the input order of equal scores", async ({ server }) => {
    server.always(withResults((results) => results.toReversed()));
    const given = ["score:0.5 a", "score:0.9 b", "score:0.5 c", "score:-3 d", "score:0.9 e", "score:0 f"];
    const ranked = await open(server).rerank("query", given);
    expect(ranked.map(({ index }) => index)).toEqual([1, 4, 0, 2, 5, 3]);
    expect(ranked.at(-1)?.relevanceScore).toBe(-3);
  });

  it("sends many documents in parallel requests, and merges them", async ({ server }) => {
    const { opened, open: release } = gate();
    server.always(after(opened));
    const door = open({ baseURL: server.baseURL, rerank: { batchSize: 5 } });
    const ranking = door.rerank("query", documents);
    await Promise.all([1, 2, 3, 4, 5].map(() => server.nextRequest()));
    release();
    expect((await ranking).map(indexAndScore)).toEqual(expectedRanking(documents));
    expect(server.requests.map((request) => request.documents.length).sort()).toEqual([3, 5, 5, 5, 5]);
  });

  it("sends 100 documents a request by default", async ({ server }) => {
    await open(server).rerank(
      "query",
      Array.from({ length: 250 }, (_, at) => `document ${at}`),
    );
    expect(server.requests.map((request) => request.documents.length).sort()).toEqual([100, 100, 50]);
  });

  it("cuts to `topN` after the merge", async ({ server }) => {
    const door = open({ baseURL: server.baseURL, rerank: { batchSize: 5, topN: 4 } });
    const ranked = await door.rerank("query", documents);
    expect(ranked.map(indexAndScore)).toEqual(expectedRanking(documents).slice(0, 4));
    for (const { body } of server.requests) expect(body).not.toHaveProperty("top_n");
  });

  it("keeps what reaches `scoreThreshold`, the bound counted in", async ({ server }) => {
    const given = ["score:0.5 a", "score:0.49 b", "score:0.9 c", "score:-1 d"];
    const settings = { baseURL: server.baseURL, rerank: { batchSize: 2, scoreThreshold: 0.5 } };
    const ranked = await open(settings).rerank("query", given);
    expect(ranked.map(({ index }) => index)).toEqual([2, 0]);
    const below = { baseURL: server.baseURL, rerank: { scoreThreshold: -1 } };
    expect(await open(below).rerank("query", given)).toHaveLength(4);
  });

  it("keeps equal documents apart", async ({ server }) => {
    const ranked = await open(server).rerank("query", ["same", "same", "same"]);
    expect(ranked.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it("halves a request that is too large, and loses nothing", async ({ server }) => {
    server.always((request, reply) => {
      const isLarge = request.documents.length > 4;
      return (isLarge ? refuse(413) : ranking((body) => body))(request, reply);
    });
    expect((await open(server).rerank("query", documents)).map(indexAndScore)).toEqual(
      expectedRanking(documents),
    );
  });

  it.for<[string, ReturnType<typeof ranking>, RegExp]>([
    [
      "an index comes twice",
      withFirst((entry) => ({ ...entry, index: 1 - Number(entry.index) })),
      /comes twice/,
    ],
    ["an index is out of range", withFirst((entry) => ({ ...entry, index: 2 })), /no index from 0 to 1/],
    ["an index is negative", withFirst((entry) => ({ ...entry, index: -1 })), /no index from 0 to 1/],
    ["an index is missing", withFirst(({ index, ...entry }) => entry), /no index/],
    [
      "a score is null",
      withFirst((entry) => ({ ...entry, relevance_score: null })),
      /score of document .*finite/,
    ],
    [
      "a score is a string",
      withFirst((entry) => ({ ...entry, relevance_score: "0.5" })),
      /score of document/,
    ],
    ["a score is missing", withFirst(({ relevance_score, ...entry }) => entry), /score of document/],
    ["a document is missing", withResults((results) => results.slice(1)), /1 entries for 2/],
    ["there is one too many", withResults((results) => [...results, results[0]]), /3 entries for 2/],
    ["`results` is absent", ranking(({ results, ...body }) => body), /`results` is not an array/],
  ])("refuses an answer where %s", async ([, answer, words], { server }) => {
    server.always(answer);
    const error = await failureOf(open(server).rerank("query", ["a", "b"]));
    expect(error).toBeInstanceOf(TogetherResponseError);
    expect((error as Error).message).toMatch(words);
    expect(server.requests).toHaveLength(1);
  });

  it("takes an answer without `document`, `usage` and `id`", async ({ server }) => {
    server.always(ranking(({ results }) => ({ results: results.map(({ document, ...result }) => result) })));
    expect(await open(server).rerank("query", documents)).toHaveLength(documents.length);
  });
});

describe("merging", () => {
  it("gives for any scores and any batch size what one sort of all would give", async ({ server }) => {
    const scores = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 40 });
    const options = fc.record({
      batchSize: fc.integer({ min: 1, max: 12 }),
      topN: fc.option(fc.integer({ min: 1, max: 45 }), { nil: undefined }),
      scoreThreshold: fc.option(fc.integer({ min: -6, max: 6 }), { nil: undefined }),
    });
    const client = clientOf(server);
    await fc.assert(
      fc.asyncProperty(scores, options, async (given, { batchSize, topN, scoreThreshold }) => {
        const texts = given.map((score) => `score:${score}`);
        const ranked = await client.rerank("query", texts, { model: MODEL, batchSize, topN, scoreThreshold });
        const kept = expectedRanking(texts).filter(
          ({ relevanceScore }) => relevanceScore >= (scoreThreshold ?? Number.NEGATIVE_INFINITY),
        );
        expect(ranked.map(indexAndScore)).toEqual(kept.slice(0, topN));
      }),
      { numRuns: 40 },
    );
  });
});

describe("ranking objects", () => {
  const objects = [
    { title: "one", body: "score:0.2", more: { deep: [1] } },
    { title: "two", body: "score:0.8" },
  ];

  it("sends them as they are, with `rankFields`, and gives the caller's own back", async ({ server }) => {
    const options = { model: MODEL, rankFields: ["title", "body"] };
    const ranked = await clientOf(server).rerank("query", objects, options);
    expect(ranked.map(({ document }) => document)).toEqual([objects[1], objects[0]]);
    expect(ranked[0]?.document).toBe(objects[1]);
    expect(server.requests[0]?.body).toMatchObject({ documents: objects, rank_fields: ["title", "body"] });
  });

  it("sends no `rank_fields` when none are given", async ({ server }) => {
    await clientOf(server).rerank("query", objects, { model: MODEL });
    expect(server.requests[0]?.body).not.toHaveProperty("rank_fields");
  });

  it("refuses what is neither a text nor an object, naming the index", async ({ server }) => {
    const client = clientOf(server);
    for (const odd of [null, undefined, 7, ["nested"], () => {}]) {
      for (const given of [["text", odd], [{ title: "object" }, odd], ["text", "text", odd].slice(1)])
        await expect(client.rerank("query", given as string[], { model: MODEL })).rejects.toThrow(
          /`documents\[1\]`/,
        );
    }
    expect(server.requests).toHaveLength(0);
  });

  it("refuses an object that cannot be sent, naming the index", async ({ server }) => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    for (const odd of [circular, { big: 1n }]) {
      const error = await failureOf(
        clientOf(server).rerank("query", [{ fine: true }, odd], { model: MODEL }),
      );
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toContain("`documents[1]`");
    }
  });
});
