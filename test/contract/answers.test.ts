/** Answers in the shapes of all servers of this wire: they are understood, or the error has the server's words and the caller's indices. */
import { TogetherApiError, TogetherResponseError, type UsageEvent } from "@together-retrieval/core";
import { type Answer, answer, embeddings, ranking } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { embeddingBody, rerankBody, scoreOf, vectorOf } from "@together-retrieval/test-server/honest";
import type { Request } from "@together-retrieval/test-server/request";
import { describe, expect } from "vitest";
import { clientOf, MODEL } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const documents = ["score:0.2 a", "score:0.9 b", "score:-3 c"];
const many = Array.from({ length: 250 }, (_, at) => `text ${at}`.padEnd(10 + ((at * 37) % 50), "."));

type Entries = ReturnType<typeof rerankBody>["results"];
const scoresOf = (request: Request): Entries => rerankBody(request.body).results;
/** A ranking in another shape. */
const shaped =
  (shape: (entries: Entries) => unknown): Answer =>
  (request, reply) =>
    answer(200, shape(scoresOf(request)))(request, reply);
const plain = (entries: Entries) =>
  entries.map(({ index, relevance_score }) => ({ index, score: relevance_score }));

describe.each(doors)("an answer through $name", ({ open }) => {
  const quick = (baseURL: string) => open({ baseURL, client: { maxRetryWaitMs: 5 } });

  it.for<[string, Answer]>([
    ["`results` with `score`", shaped((entries) => ({ results: plain(entries) }))],
    [
      "`data`, as Voyage's",
      shaped((entries) => ({ object: "list", data: entries, usage: { total_tokens: 3 } })),
    ],
    ["a bare array, as TEI's", shaped(plain)],
    [
      "a bare array, as SGLang's",
      shaped((entries) =>
        plain(entries).map((entry) => ({ ...entry, document: null, meta_info: { prompt_tokens: 9 } })),
      ),
    ],
    [
      "`response` in `result`, with ids",
      shaped((entries) => ({
        result: { response: plain(entries).map(({ index, score }) => ({ id: index, score })) },
        success: true,
      })),
    ],
    ["`response`", shaped((entries) => ({ response: plain(entries) }))],
    ["`result`", shaped((entries) => ({ result: plain(entries), success: true }))],
    [
      "documents as strings",
      shaped((results) => ({ results: results.map((e) => ({ ...e, document: "d" })) })),
    ],
  ])("that ranks in %s is understood", async ([, shape], { server }) => {
    server.always(shape);
    const ranked = await open(server).rerank("query", documents);
    expect(ranked.map(({ index, relevanceScore }) => [index, relevanceScore])).toEqual([
      [1, 0.9],
      [0, 0.2],
      [2, -3],
    ]);
    expect(scoreOf(documents[1])).toBe(0.9);
  });

  it.for<[string, (body: ReturnType<typeof embeddingBody>) => unknown]>([
    ["in a bare array", ({ data }) => data],
    ["as the only row of a list", ({ data }) => data.map((e) => ({ ...e, embedding: [e.embedding] }))],
    [
      "as the only row of a list, in a bare array, as llama.cpp's",
      ({ data }) => data.map(({ index, embedding }) => ({ index, embedding: [embedding] })),
    ],
  ])("with vectors %s is understood", async ([, shape], { server }) => {
    server.always((request, reply) => {
      const { encoding_format, ...body } = request.body;
      answer(200, shape(embeddingBody(body)))(request, reply);
    });
    expect(await open(server).embedDocuments(["a", "b"])).toEqual([vectorOf("a"), vectorOf("b")]);
  });

  it("of a multi-vector model is told as one", async ({ server }) => {
    server.always(
      embeddings(() => ({
        data: [
          {
            index: 0,
            embedding: [
              [1, 2],
              [3, 4],
            ],
          },
        ],
      })),
    );
    const error = await failureOf(open(server).embedDocuments(["a"]));
    expect(error).toBeInstanceOf(TogetherResponseError);
    expect((error as Error).message).toMatch(/input 0 is 2 vectors\. A multi-vector model/);
  });

  it.for([
    [{ usage: { prompt_tokens: 7, total_tokens: 9 } }, 7],
    [{ usage: { total_tokens: 9 } }, 9],
    [{ usage: { prompt_tokens: null, total_tokens: 9 } }, 9],
    [{ usage: { prompt_tokens: 0, total_tokens: 0 } }, undefined],
    [{ usage: null, meta: { tokens: { input_tokens: 5 } } }, 5],
    [{ usage: undefined, meta: { billed_units: { search_units: 1, total_tokens: 4 } } }, 4],
    [{ usage: undefined, meta: { billed_units: { search_units: 1 } } }, undefined],
  ] as const)("tells its tokens in any of their places: %j", async ([told, tokens], { server }) => {
    const events: UsageEvent[] = [];
    const door = open({ baseURL: server.baseURL, client: { onUsage: (event) => events.push(event) } });
    server.always(ranking((body) => ({ ...body, ...told })));
    await door.rerank("query", documents);
    expect(events.map(({ promptTokens }) => promptTokens)).toEqual(tokens ? [tokens] : []);
  });

  it("counts the tokens that each entry tells of", async ({ server }) => {
    const events: UsageEvent[] = [];
    const door = open({ baseURL: server.baseURL, client: { onUsage: (event) => events.push(event) } });
    server.always(
      shaped((entries) => plain(entries).map((e) => ({ ...e, meta_info: { prompt_tokens: 9 } }))),
    );
    await door.rerank("query", documents);
    expect(events.map(({ promptTokens }) => promptTokens)).toEqual([27]);
  });

  it("names the caller's index of a text without a vector, whatever batch it stood in", async ({
    server,
  }) => {
    const spoil = (vector: unknown) =>
      embeddings((body, { inputs }) => ({
        ...body,
        data: body.data.map((entry, at) =>
          inputs[at] === many[137] ? { ...entry, embedding: vector } : entry,
        ),
      }));
    for (const vector of [null, [1, null, 3], [1, 2], "no base64!"]) {
      server.always(spoil(vector));
      const error = await failureOf(open(server).embedDocuments(many));
      expect(error).toBeInstanceOf(TogetherResponseError);
      // If dimensions differ, the error names whichever vector came later.
      if (vector?.length !== 2) expect((error as Error).message).toContain("embedding of input 137 ");
    }
  });

  it("names the caller's index of a document without a score", async ({ server }) => {
    server.always((request, reply) =>
      ranking((body) => ({
        ...body,
        results: body.results.map((entry) =>
          request.documents[entry.index as number] === many[137]
            ? { ...entry, relevance_score: null }
            : entry,
        ),
      }))(request, reply),
    );
    const error = await failureOf(open(server).rerank("query", many));
    expect((error as Error).message).toContain("score of document 137 ");
  });

  it.for(["NaN", "Infinity", "-Infinity", "nan", "-inf", "+inf", "1e999"])(
    "with %s for a number, as Python or C writes it, says which text got it",
    async (odd, { server }) => {
      server.always((request, reply) =>
        answer(
          200,
          JSON.stringify(embeddingBody({ ...request.body, encoding_format: "float" })).replace(
            /("index":1,"embedding":\[)[^,]*/,
            `$1${odd}`,
          ),
        )(request, reply),
      );
      const error = await failureOf(open(server).embedDocuments(["a", "b", "c"]));
      expect(error).toBeInstanceOf(TogetherResponseError);
      expect((error as Error).message).toMatch(/embedding of input \d holds something that is not a finite/);
      expect(server.requests).toHaveLength(1);
      server.always(answer(200, `{"results":[{"index":0,"relevance_score":${odd}}]}`));
      expect(await failureOf(open(server).rerank("query", ["a"]))).toMatchObject({
        name: "TogetherResponseError",
        message: expect.stringContaining("score of document 0 is not a finite number"),
      });
    },
  );

  it.for([
    { error: { message: "No models loaded here", code: null } },
    { error: "No models loaded here" },
    { error: { message: "No models loaded here", code: 400 } },
    { message: "No models loaded here" },
    { data: [], results: [], error: { message: "No models loaded here", code: 400 } },
  ])(
    "with an error for a list keeps the server's words, and is not repeated: %j",
    async (body, { server }) => {
      server.always(answer(200, body));
      const door = quick(server.baseURL);
      for (const work of [door.embedDocuments(["a", "b"]), door.rerank("query", documents)]) {
        const error = await failureOf(work);
        expect(error).toBeInstanceOf(TogetherResponseError);
        expect((error as Error).message).toMatch(/"No models loaded here".*`baseURL`.*`model`/);
      }
      expect(server.requests).toHaveLength(2);
    },
  );

  it.for([
    { error: { message: "slow down", code: 429 } },
    { error: { message: "slow down", code: "503" } },
    { error: { message: "slow down" }, status: 502 },
    { error: "slow down", status: 429 },
    { object: "error", message: "slow down", type: "x", param: null, code: 503 },
    { error: { message: "slow down", code: "429 Too Many Requests" }, data: [] },
    { detail: "slow down", status_code: 503 },
  ])("that wraps a trouble which may pass is asked for again: %j", async (body, { server }) => {
    server.script(answer(200, body), answer(200, body));
    expect(await quick(server.baseURL).embedDocuments(["a"])).toEqual([vectorOf("a")]);
    expect(server.requests).toHaveLength(3);
    server.always(answer(200, body));
    const door = open({ baseURL: server.baseURL, client: { maxRetries: 1, maxRetryWaitMs: 5 } });
    const error = await failureOf(door.embedDocuments(["a"]));
    expect(error).toBeInstanceOf(TogetherApiError);
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining("slow down") });
  });
});

describe("a stream", () => {
  it("names the index from its start", async ({ server }) => {
    server.always(
      embeddings((body, { inputs }) => ({
        ...body,
        data: body.data.map((e, at) => (inputs[at] === many[201] ? { ...e, embedding: null } : e)),
      })),
    );
    const stream = clientOf(server, { maxConcurrency: 1 }).embedStream(many, { model: MODEL, batchSize: 20 });
    const error = await failureOf(
      (async () => {
        for await (const _ of stream);
      })(),
    );
    expect((error as Error).message).toContain("embedding of input 201 ");
  });
});
