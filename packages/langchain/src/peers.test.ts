/** Defects that other adapters have and ours do not. */
import { inspect } from "node:util";
import { CohereRerank } from "@langchain/cohere";
import { TogetherAIEmbeddings } from "@langchain/community/embeddings/togetherai";
import { Document } from "@langchain/core/documents";
import { OpenAIEmbeddings } from "@langchain/openai";
import { type Answer, answer, page, silence } from "@together-retrieval/test-server/answers";
import { backwards, embed, serve } from "@together-retrieval/test-server/by-words";
import { CohereClient } from "cohere-ai";
import { describe, expect, test } from "vitest";
import { TogetherEmbeddings, TogetherReranker, TogetherResponseError } from "./index.ts";

async function start(behaviour?: Answer) {
  const server = await serve(behaviour);
  const common = { apiKey: "test-key", model: "m", maxRetries: 0 };
  const ours = { ...common, baseURL: server.baseURL };
  return {
    server,
    makeTogetherAI(options = {}) {
      // This adapter has no option for its address, so the test overwrites it.
      const embeddings = new TogetherAIEmbeddings({ ...common, ...options });
      return Object.defineProperty(embeddings, "embeddingsAPIUrl", { value: `${server.baseURL}/embeddings` });
    },
    makeOpenAI: (options = {}) =>
      new OpenAIEmbeddings({ ...common, ...options, configuration: { baseURL: server.baseURL } }),
    makeCohere() {
      const environment = server.baseURL.replace("/v1", "");
      return new CohereRerank({ client: new CohereClient({ token: "test-key", environment }), model: "m" });
    },
    makeEmbeddings: (options = {}) => new TogetherEmbeddings({ ...ours, ...options }),
    makeReranker: () => new TogetherReranker(ours),
  };
}

const texts = Array.from({ length: 100 }, (_, at) => `text ${at}`);
const failure = (error: unknown) => error;

describe("TogetherAIEmbeddings", () => {
  test("sends one request per text; ours one for a hundred", async () => {
    const { server, makeTogetherAI, makeEmbeddings } = await start();
    await makeTogetherAI().embedDocuments(texts);
    expect(server.requests.splice(0)).toHaveLength(100);
    await makeEmbeddings().embedDocuments(texts);
    expect(server.requests).toHaveLength(1);
  });

  test("drops all input at batchSize 0; ours refuses it", async () => {
    const { makeTogetherAI, makeEmbeddings } = await start();
    expect(await makeTogetherAI({ batchSize: 0 }).embedDocuments(texts)).toEqual([]);
    expect(() => makeEmbeddings({ batchSize: 0 })).toThrow(TypeError);
  });

  test("gives null for a vector; ours refuses the answer", async () => {
    const { makeTogetherAI, makeEmbeddings } = await start(
      answer(200, { data: [{ index: 0, embedding: null }] }),
    );
    expect(await makeTogetherAI().embedQuery("text")).toBeNull();
    await expect(makeEmbeddings().embedQuery("text")).rejects.toBeInstanceOf(TogetherResponseError);
  });

  test("reports a proxy's page as a SyntaxError; ours says 502", async () => {
    const { makeTogetherAI, makeEmbeddings } = await start(page(502));
    expect(await makeTogetherAI().embedQuery("text").catch(failure)).toBeInstanceOf(SyntaxError);
    expect(await makeEmbeddings().embedQuery("text").catch(failure)).toMatchObject({ status: 502 });
  });

  test("never uses its timeout; ours ends the request", async () => {
    const { server, makeTogetherAI, makeEmbeddings } = await start(silence);
    await expect(makeEmbeddings({ timeoutMs: 50 }).embedQuery("text")).rejects.toThrow("within 50 ms");
    let ended = false;
    makeTogetherAI({ timeout: 1 })
      .embedQuery("text")
      .catch(failure)
      .finally(() => {
        ended = true;
      });
    await server.arrived(2);
    // Meanwhile one of our requests starts and ends, which takes fifty times the limit.
    await makeEmbeddings({ timeoutMs: 50 }).embedQuery("text").catch(failure);
    expect(ended).toBe(false);
  });
});

describe("OpenAIEmbeddings", () => {
  test("takes a shuffled answer as it comes; ours places vectors by index", async () => {
    const { makeOpenAI, makeEmbeddings } = await start(backwards);
    const two = ["one", "two"];
    expect(await makeOpenAI({ encodingFormat: "float" }).embedDocuments(two)).toEqual(
      [...two].reverse().map(embed),
    );
    expect(await makeEmbeddings().embedDocuments(two)).toEqual(two.map(embed));
  });

  test("changes newlines; ours sends texts as they are", async () => {
    const { server, makeOpenAI, makeEmbeddings } = await start();
    await makeOpenAI().embedDocuments(["a\nb"]);
    await makeEmbeddings().embedDocuments(["a\nb"]);
    expect(server.requests.map(({ body }) => body.input)).toEqual([["a b"], ["a\nb"]]);
  });
});

describe("CohereRerank", () => {
  const query = "two three";
  const share = () => {
    const metadata: Record<string, unknown> = { source: "shared" };
    return ["one", "two", "two three"].map((pageContent) => new Document({ pageContent, metadata }));
  };

  test("gives documents that share metadata all the last score; ours gives each its own", async () => {
    const { makeCohere, makeReranker } = await start();
    const theirs = await makeCohere().compressDocuments(share(), query);
    expect(theirs.map(({ metadata }) => metadata.relevanceScore)).toEqual([0, 0, 0]);
    const given = share();
    const ours = await makeReranker().compressDocuments(given, query);
    expect(ours.map(({ metadata }) => metadata.relevanceScore)).toEqual([1, 0.5, 0]);
    expect(given).toEqual(share());
  });

  test("throws on frozen metadata after the paid call; ours ranks it", async () => {
    const { server, makeCohere, makeReranker } = await start();
    const frozen = share();
    for (const { metadata } of frozen) Object.freeze(metadata);
    await expect(makeCohere().compressDocuments(frozen, query)).rejects.toThrow(/not extensible/);
    expect(server.requests).toHaveLength(1);
    expect(await makeReranker().compressDocuments(frozen, query)).toHaveLength(3);
  });
});

test("their keys stand in JSON and in the console; ours in neither", async () => {
  const { makeTogetherAI, makeOpenAI, makeEmbeddings, makeReranker } = await start();
  for (const theirs of [makeTogetherAI(), makeOpenAI()]) {
    expect(JSON.stringify(theirs)).toContain("test-key");
    expect(inspect(theirs)).toContain("test-key");
  }
  for (const ours of [makeEmbeddings(), makeReranker()]) {
    expect(JSON.stringify(ours)).not.toContain("test-key");
    expect(inspect(ours)).not.toContain("test-key");
  }
});
