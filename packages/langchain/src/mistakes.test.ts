/** Common mistakes -> their error messages; and calls that look like mistakes but are correct. */
import { Document } from "@langchain/core/documents";
import { RunnableLambda, RunnableSequence } from "@langchain/core/runnables";
import { silence } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { TogetherEmbeddings, TogetherReranker } from "./index.ts";

const settings = { apiKey: "test-key", model: "m", maxRetries: 0 };
const documents = [new Document({ pageContent: "one" }), new Document({ pageContent: "two" })];

describe("a method that is bound into a chain", () => {
  it("takes the config that LangChain hands it", async ({ server }) => {
    const embeddings = new TogetherEmbeddings({ ...settings, baseURL: server.baseURL });
    const query = RunnableSequence.from([(text: string) => text, embeddings.embedQuery.bind(embeddings)]);
    expect(await query.invoke("one", { tags: ["a"], metadata: { b: 1 } })).toEqual(vectorOf("one"));
    const documents = RunnableLambda.from(embeddings.embedDocuments.bind(embeddings));
    expect(await documents.batch([["one"], ["two"]])).toEqual([[vectorOf("one")], [vectorOf("two")]]);
    const reranker = new TogetherReranker({ ...settings, baseURL: server.baseURL });
    const ranking = RunnableLambda.from((query: string, config) =>
      reranker.rerank(["one"], query, config as object),
    );
    expect(await ranking.invoke("query")).toHaveLength(1);
  });

  it("ends with the signal of that config", async ({ server }) => {
    const embeddings = new TogetherEmbeddings({ ...settings, baseURL: server.baseURL });
    const chain = RunnableSequence.from([(text: string) => text, embeddings.embedQuery.bind(embeddings)]);
    await expect(chain.invoke("one", { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
    expect(server.requests).toHaveLength(0);
  });

  it("ends its request with that signal, not only the chain around it", async ({ server }) => {
    server.always(silence);
    const embeddings = new TogetherEmbeddings({ ...settings, baseURL: server.baseURL });
    const chain = RunnableSequence.from([(text: string) => text, embeddings.embedQuery.bind(embeddings)]);
    const controller = new AbortController();
    const outcome = chain.invoke("one", { signal: controller.signal }).catch((error: unknown) => error);
    await server.arrived(1);
    controller.abort(new Error("enough"));
    expect(await outcome).toMatchObject({ message: "enough" });
    await server.givenUp(1);
  });

  it("names the place of a config that stands for callbacks", async ({ server }) => {
    const reranker = new TogetherReranker({ ...settings, baseURL: server.baseURL });
    const fourth = RunnableLambda.from((query: string, config) =>
      reranker.compressDocuments(documents, query, undefined, config as object),
    );
    expect(await fourth.invoke("query")).toHaveLength(2);
    const third = RunnableLambda.from((query: string, config) =>
      reranker.compressDocuments(documents, query, config as never),
    );
    await expect(third.invoke("query")).rejects.toThrow(/`\{ recursionLimit \}` is the fourth argument/);
  });

  it("may get null, and says what is wrong with the index that `map` hands it", async ({ server }) => {
    const embeddings = new TogetherEmbeddings({ ...settings, baseURL: server.baseURL });
    expect(await embeddings.embedQuery("one", null as never)).toEqual(vectorOf("one"));
    const bare = ["one"].map(embeddings.embedQuery.bind(embeddings) as () => Promise<unknown>);
    await expect(Promise.all(bare)).rejects.toThrow(
      'Expected `options` to be an object, such as `{ signal: "…" }`, got a number',
    );
  });

  it("still refuses what is no config", async ({ server }) => {
    const embeddings = new TogetherEmbeddings({ ...settings, baseURL: server.baseURL });
    await expect(embeddings.embedQuery("one", { tags: [] } as never)).rejects.toThrow(
      "Unknown option `tags`",
    );
  });
});

describe("a mistake in a call", () => {
  it.for<
    [
      string,
      (made: { embeddings: TogetherEmbeddings; reranker: TogetherReranker }) => Promise<unknown>,
      RegExp,
    ]
  >([
    [
      "strings for documents",
      ({ reranker }) => reranker.compressDocuments(["one"] as never, "query"),
      /^TypeError: Expected `documents\[0\]` to be a LangChain document; `rerank\(documents, query\)` takes strings.*got a string$/,
    ],
    [
      "options in the callbacks' place",
      ({ reranker }) => reranker.compressDocuments(documents, "query", { topN: 1 } as never),
      /^TypeError: Expected `callbacks` to be callbacks, or `undefined`: `\{ topN \}` is the fourth argument/,
    ],
    [
      "an array for a query",
      ({ embeddings }) => embeddings.embedQuery(["one"] as never),
      /^TypeError: Expected `text` to be a string \(`embedDocuments` takes arrays\), got an array$/,
    ],
    [
      "a string for documents",
      ({ embeddings }) => embeddings.embedDocuments("one" as never),
      /^TypeError: Expected `texts` to be an array of strings, got a string$/,
    ],
    [
      "a signal in the place of options",
      ({ embeddings }) => embeddings.embedQuery("one", new AbortController().signal as never),
      /^TypeError: Expected `options` to be an object, such as `\{ signal: "…" \}`, got an AbortSignal itself$/,
    ],
    [
      "a controller for its signal",
      ({ embeddings }) => embeddings.embedQuery("one", { signal: new AbortController() as never }),
      /^TypeError: Expected `signal` to be an AbortSignal \(of a controller, its `signal`\), got an object$/,
    ],
    [
      "a promise for documents",
      ({ reranker }) => reranker.compressDocuments(Promise.resolve(documents) as never, "query"),
      /^TypeError: Expected `documents` to be an array, got a promise: is an `await` missing\?$/,
    ],
  ])("%s: says what to write instead", async ([, call, message], { server }) => {
    const options = { ...settings, baseURL: server.baseURL };
    const made = { embeddings: new TogetherEmbeddings(options), reranker: new TogetherReranker(options) };
    expect(String(await call(made).catch((error: unknown) => error))).toMatch(message);
    expect(server.requests).toHaveLength(0);
  });
});

describe("a mistake in the options", () => {
  it.for<[unknown, RegExp]>([
    ["model", /Expected `options` to be an object, such as `\{ model: "…" \}`, got a string/],
    [{ ...settings, topK: 3 }, /Unknown option `topK`: did you mean `topN`\?$/],
    [{ apiKey: "test-key", modelName: "m" }, /Unknown option `modelName`.*did you mean `model`\?/],
    [{ ...settings, baseUrl: "http://127.0.0.1" }, /Unknown option `baseUrl`.*did you mean `baseURL`\?/],
    [{ ...settings, base_url: "http://127.0.0.1" }, /did you mean `baseURL`\?/],
    [{ ...settings, timeout: 1_000 }, /did you mean `timeoutMs`\?/],
    [{ ...settings, scoreTreshold: 1 }, /did you mean `scoreThreshold`\?/],
    [{ ...settings, threshold: 1 }, /did you mean `scoreThreshold`\?/],
    [{ ...settings, openAIApiKey: "k" }, /did you mean `apiKey`\?/],
    [{ ...settings, maxChunksPerDoc: 1 }, /split them before you rank/],
    [{ ...settings, verbose: true }, /Unknown option `verbose`: expected one of model, topN/],
    [
      { ...settings, baseURL: "localhost:8123/v1" },
      /got a string without `http:\/\/` or `https:\/\/` in front$/,
    ],
    [
      { ...settings, client: { post() {} }, apiKey: undefined },
      /client goes into `together`\), got an object/,
    ],
    [{ ...settings, stripNewLines: true }, /texts go out as they are: replace/],
  ])("%o: names what was meant", ([options, message]) => {
    expect(() => new TogetherReranker(options as never)).toThrow(message);
  });

  it("an unknown profile names the one that was meant, or all", () => {
    const withProfile = (profile: string) => () => new TogetherEmbeddings({ ...settings, profile });
    expect(withProfile("bge-large")).toThrow(/: did you mean `BAAI\/bge-large-en-v1\.5`\?$/);
    expect(withProfile("BAAI/bge-large-en-v1.5 ")).toThrow(/: did you mean `BAAI\/bge-large-en-v1\.5`\?$/);
    expect(withProfile("nobody/knows-it")).toThrow(/: known are .*BAAI\/bge-large-en-v1\.5/);
  });
});
