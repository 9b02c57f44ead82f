/** What LlamaIndex asks of an embedding model, on real sockets. */
import { BaseEmbedding, batchEmbeddings } from "@llamaindex/core/embeddings";
import { profiles } from "@together-retrieval/core";
import {
  after,
  answer,
  gate,
  refuse,
  silence,
  embeddings as spoiled,
} from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { toBase64, vectorOf } from "@together-retrieval/test-server/honest";
import type { AwkwardServer } from "@together-retrieval/test-server/server";
import { describe, expect } from "vitest";
import { TogetherEmbeddings, type TogetherEmbeddingsOptions, TogetherResponseError } from "./index.ts";

const MODEL = "test/model";

function open({ baseURL }: AwkwardServer, options: Partial<TogetherEmbeddingsOptions> = {}) {
  return new TogetherEmbeddings({ model: MODEL, apiKey: "test-key", baseURL, ...options });
}

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `text ${at}`);
const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } } as const;

describe("documents", () => {
  it("get a vector each: one, some, or many", async ({ server }) => {
    const embeddings = open(server);
    expect(await embeddings.getTextEmbedding("one")).toEqual(vectorOf("one"));
    expect(await embeddings.getTextEmbeddings(["a", "b"])).toEqual([vectorOf("a"), vectorOf("b")]);
    const texts = numbered(250);
    expect(await embeddings.getTextEmbeddingsBatch(texts)).toEqual(texts.map((text) => vectorOf(text)));
    expect(await embeddings.getTextEmbeddingsBatch([])).toEqual([]);
  });

  it("get plain arrays of numbers, which every store can save", async ({ server }) => {
    for (const encodingFormat of ["float", "base64"] as const) {
      const vectors = await open(server, { encodingFormat }).getTextEmbeddingsBatch(["a", "b"]);
      for (const vector of vectors) {
        expect(Array.isArray(vector)).toBe(true);
        expect(JSON.parse(JSON.stringify(vector))).toEqual(vector);
      }
    }
  });

  it("travel in batches that are under way at once, not ten texts at a time", async ({ server }) => {
    const all = gate();
    server.always(after(all.opened));
    const vectors = open(server).getTextEmbeddingsBatch(numbered(400));
    for (let arrived = 0; arrived < 4; arrived++) await server.nextRequest();
    expect(server.inFlight).toBe(4);
    all.open();
    expect(await vectors).toHaveLength(400);
    expect(server.requests.map(({ inputs }) => inputs.length)).toEqual([100, 100, 100, 100]);
  });

  it("travel as many together as `batchSize`, or the host's `embedBatchSize`, says", async ({ server }) => {
    const embeddings = open(server, { batchSize: 3 });
    expect(embeddings.embedBatchSize).toBe(3);
    await embeddings.getTextEmbeddingsBatch(numbered(6));
    expect(server.requests).toHaveLength(2);
    embeddings.embedBatchSize = 2;
    await embeddings.getTextEmbeddingsBatch(numbered(6));
    expect(server.requests).toHaveLength(5);
    embeddings.embedBatchSize = 0;
    await expect(embeddings.getTextEmbeddingsBatch(["a"])).rejects.toThrow(/`batchSize`.*got `0`/);
  });

  it("can be embedded by `getTextEmbeddings` without its object, as the host calls it", async ({
    server,
  }) => {
    const { getTextEmbeddings } = open(server);
    expect(await batchEmbeddings(["a", "b", "c"], getTextEmbeddings, 2)).toEqual(
      ["a", "b", "c"].map((text) => vectorOf(text)),
    );
  });

  it("tell their progress to `progressCallback`, and to the logger when `logProgress` is set", async ({
    server,
  }) => {
    const told: [number, number][] = [];
    const lines: unknown[] = [];
    const logger = { log: (line: unknown) => lines.push(line), warn() {}, error() {} };
    const progressCallback = (current: number, total: number) => told.push([current, total]);
    const embeddings = open(server, { batchSize: 2, maxConcurrency: 1 });
    await embeddings.getTextEmbeddingsBatch(numbered(4), { progressCallback, logger });
    expect(told.at(-1)).toEqual([4, 4]);
    expect(told.map(([current]) => current)).toEqual(told.map(([current]) => current).sort());
    expect(lines).toEqual([]);
    await embeddings.getTextEmbeddingsBatch(numbered(4), { logProgress: true, logger });
    expect(lines.at(-1)).toBe("getting embedding progress: 4 / 4");
  });

  it("go without the query's prompt", async ({ server }) => {
    const embeddings = open(server, { profile: { queryPrompt: "query: ", documentPrompt: "passage: " } });
    await embeddings.getTextEmbedding("one");
    await embeddings.getTextEmbeddings(["two"]);
    expect(server.requests.map(({ inputs }) => inputs)).toEqual([["passage: one"], ["passage: two"]]);
  });
});

describe("queries", () => {
  it("go with the query's prompt of the profile, or of the known model", async ({ server }) => {
    const embeddings = open(server, { profile: { queryPrompt: "query: " } });
    expect(await embeddings.getQueryEmbedding({ type: "text", text: "who?" })).toEqual(
      vectorOf("query: who?"),
    );
    const bge = open(server, { model: "made-up/endpoint", profile: "BAAI/bge-base-en-v1.5" });
    await bge.getQueryEmbedding({ type: "text", text: "who?" }).catch(() => {});
    expect(server.requests[1]?.inputs).toEqual([`${profiles["BAAI/bge-base-en-v1.5"]?.queryPrompt}who?`]);
  });

  it("may be a plain text, as callers of older versions write it", async ({ server }) => {
    const embeddings = open(server, { profile: { queryPrompt: "query: " } });
    expect(await embeddings.getQueryEmbedding("who?")).toEqual(vectorOf("query: who?"));
    expect(await embeddings.getQueryEmbedding("")).toBeNull();
  });

  it("that are empty, or no text, give null without a request", async ({ server }) => {
    const embeddings = open(server);
    expect(await embeddings.getQueryEmbedding({ type: "text", text: "" })).toBeNull();
    expect(await embeddings.getQueryEmbedding(image)).toBeNull();
    expect(server.requests).toEqual([]);
  });
});

describe("an abort", () => {
  it("ends every kind of call with the signal's own reason", async ({ server }) => {
    server.always(silence);
    const embeddings = open(server);
    const reason = { why: "the user left" };
    const calls = [
      (signal: AbortSignal) => embeddings.getTextEmbeddingsBatch(numbered(100), { signal }),
      (signal: AbortSignal) => embeddings.getTextEmbedding("one", { signal }),
      (signal: AbortSignal) => embeddings.getQueryEmbedding({ type: "text", text: "one" }, { signal }),
    ];
    for (const call of calls) {
      const controller = new AbortController();
      const outcome = call(controller.signal).catch((error: unknown) => error);
      await server.nextRequest();
      controller.abort(reason);
      expect(await outcome).toBe(reason);
    }
    const sent = server.requests.length;
    await expect(embeddings.getTextEmbedding("two", { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(server.requests).toHaveLength(sent);
  });
});

describe("an answer that does not fit", () => {
  it("is an error: short, repeated, without numbers", async ({ server }) => {
    const embeddings = open(server);
    for (const data of [
      (entries: object[]) => entries.slice(1),
      (entries: object[]) => entries.map((entry) => ({ ...entry, index: 0 })),
      (entries: object[]) => entries.map((entry) => ({ ...entry, embedding: [null] })),
    ]) {
      server.script(spoiled((body) => ({ ...body, data: data(body.data) })));
      await expect(embeddings.getTextEmbeddings(["a", "b"])).rejects.toThrow(TogetherResponseError);
    }
  });

  it("is no answer in another order, nor in the encoding that was not asked for", async ({ server }) => {
    const expected = ["a", "b"].map((text) => vectorOf(text));
    server.script(
      spoiled((body) => ({ ...body, data: body.data.reverse() })),
      spoiled((body) => ({
        ...body,
        data: body.data.map((entry) => ({ ...entry, embedding: toBase64(entry.embedding as number[]) })),
      })),
      // The peer asks for base64. If the answer has numbers, it reads them as bytes.
      (request, reply) => {
        const data = request.inputs.map((text, index) => ({ index, embedding: vectorOf(text) }));
        return answer(200, { data })(request, reply);
      },
    );
    for (const encodingFormat of ["auto", "float", "auto"] as const) {
      expect(await open(server, { encodingFormat }).getTextEmbeddings(["a", "b"])).toEqual(expected);
    }
  });

  it("is told with the status, the code and what to do", async ({ server }) => {
    server.always(refuse(400, { code: "model_not_available", message: "Unable to access model." }));
    await expect(open(server).getTextEmbedding("a")).rejects.toMatchObject({
      name: "TogetherApiError",
      status: 400,
      code: "model_not_available",
      message: expect.stringContaining("dedicated endpoint"),
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe("an instance", () => {
  it("is a function, a BaseEmbedding and a TogetherEmbeddings", ({ server }) => {
    const embeddings = open(server);
    expect(embeddings).toBeTypeOf("function");
    expect(embeddings).toBeInstanceOf(BaseEmbedding);
    expect(embeddings).toBeInstanceOf(TogetherEmbeddings);
    expect(Object.hasOwn(embeddings, "getTextEmbeddings")).toBe(true);
  });

  it("refuses unknown options, and those that are the host's to say, by name", ({ server }) => {
    for (const name of ["dimension", "inputType", "signal", "onProgress", "embedBatchSize"]) {
      expect(() => open(server, { [name]: "document" } as object)).toThrow(TypeError);
      expect(() => open(server, { [name]: "document" } as object)).toThrow(`\`${name}\``);
    }
    expect(() => open(server, { model: " " })).toThrow(/`model`/);
    expect(() => open(server, { batchSize: 0 })).toThrow(/`batchSize`.*got `0`/);
    expect(() => new TogetherEmbeddings(undefined as never)).toThrow(/`options` to be an object/);
  });
});
