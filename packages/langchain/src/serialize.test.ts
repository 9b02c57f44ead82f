import { inspect } from "node:util";
import { load } from "@langchain/core/load";
import { Serializable } from "@langchain/core/load/serializable";
import { serve } from "@together-retrieval/test-server/by-words";
import { Together } from "together-ai";
import { expect, test } from "vitest";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "./index.ts";

const apiKey = "a-key-that-must-not-show";
const importMap = {
  embeddings__together: { TogetherEmbeddings },
  document_compressors__together: { TogetherReranker },
};

/** Every option that can be written as JSON. */
const embedOptions = {
  baseURL: "http://127.0.0.1:9/v1",
  timeoutMs: 1_000,
  maxRetries: 1,
  maxRetryWaitMs: 2_000,
  maxConcurrency: 3,
  model: "embedder",
  profile: {
    dimensions: 64,
    minDimensions: 8,
    maxTokens: 512,
    queryPrompt: "{task}: ",
    documentPrompt: "",
    specialTokens: 1,
  },
  task: "find",
  batchSize: 4,
  encodingFormat: "auto",
  normalize: true,
  dimensions: 16,
  extraBody: { truncate_prompt_tokens: -1, headers: { camelCase: ["kept"], snake_case: null } },
  longInput: "send",
} as const;
const rerankOptions = {
  ...{ baseURL: "http://127.0.0.1:9/v1", model: "ranker", topN: 2, scoreThreshold: 0.1, batchSize: 5 },
  rankFields: ["title"],
  extraBody: { instruction: "Find the answer" },
  scoreKey: "score",
};

test.each([
  ["TogetherEmbeddings", TogetherEmbeddings, embedOptions, ["langchain", "embeddings", "together"]],
  ["TogetherReranker", TogetherReranker, rerankOptions, ["langchain", "document_compressors", "together"]],
])(
  "%s is written as LangChain writes, and load() brings it back",
  async (name, Class, options, namespace) => {
    const original = new Class({ ...options, apiKey } as never);
    const text = JSON.stringify(original);
    expect(JSON.parse(text)).toEqual({
      lc: 1,
      type: "constructor",
      id: [...namespace, name],
      kwargs: { ...options, apiKey: { lc: 1, type: "secret", id: ["TOGETHER_API_KEY"] } },
    });
    const loaded = await load(text, { importMap, secretsMap: { TOGETHER_API_KEY: apiKey } });
    expect(loaded).toBeInstanceOf(Class);
    expect(JSON.stringify(loaded)).toBe(text);
  },
);

test("what load() brings back works, with the key from the map", async () => {
  const server = await serve();
  const common = { apiKey, baseURL: server.baseURL };
  const texts = [
    new TogetherEmbeddings({ ...common, model: "e" }),
    new TogetherReranker({ ...common, model: "r" }),
  ].map((part) => JSON.stringify(part));
  const secretsMap = { TOGETHER_API_KEY: "another-key" };
  const embeddings = await load<TogetherEmbeddings>(texts[0] ?? "", { importMap, secretsMap });
  const reranker = await load<TogetherReranker>(texts[1] ?? "", { importMap, secretsMap });
  expect(await embeddings.embedQuery("text")).toHaveLength(64);
  expect(await reranker.rerank(["text"], "text")).toHaveLength(1);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer another-key",
    "Bearer another-key",
  ]);
});

test("an instance for a server without keys is brought back without one", async () => {
  const { baseURL } = embedOptions;
  const text = JSON.stringify(new TogetherEmbeddings({ model: "e", baseURL, apiKey: false }));
  const loaded = await load(text, { importMap, secretsMap: {} });
  expect(JSON.stringify(loaded)).toBe(text);
});

test("without the secret load() says what is missing", async () => {
  const text = JSON.stringify(new TogetherEmbeddings({ model: "m", apiKey }));
  await expect(load(text, { importMap, secretsMap: {} })).rejects.toThrow(
    'Missing secret "TOGETHER_API_KEY"',
  );
});

class Holder extends Serializable {
  override lc_serializable = true;
  lc_namespace = ["langchain", "tests"];
  static override lc_name() {
    return "Holder";
  }
}

test("it travels inside another object of LangChain's", async () => {
  const holder = new Holder({ part: new TogetherEmbeddings({ model: "m", apiKey }) });
  const loaded = await load<Holder>(JSON.stringify(holder), {
    importMap: { ...importMap, tests: { Holder } },
    secretsMap: { TOGETHER_API_KEY: apiKey },
  });
  expect(loaded.lc_kwargs.part).toBeInstanceOf(TogetherEmbeddings);
});

const together = new Together({ apiKey, defaultHeaders: { "x-secret": apiKey } });
test.each([
  ["a key", { apiKey, headers: { "x-secret": apiKey }, fetch: globalThis.fetch, onRetry() {}, onUsage() {} }],
  ["a client", { client: new TogetherClient({ apiKey }) }],
  ["an official client", { together }],
])("%s and what else is secret or a function shows nowhere", (_, options) => {
  for (const part of [
    new TogetherEmbeddings({ model: "m", ...options }),
    new TogetherReranker({ model: "m", ...options }),
  ]) {
    expect(Object.keys(part.toJSON().kwargs).sort()).toEqual(["apiKey", "model"]);
    const shown = [
      JSON.stringify(part),
      JSON.stringify({ ...part }),
      inspect(part, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
      inspect(structuredClone(part), { depth: Number.POSITIVE_INFINITY, showHidden: true }),
      String(part),
    ];
    for (const text of shown) expect(text).not.toContain(apiKey);
    expect(Object.keys(part)).not.toContain("client");
  }
});

test("the console shows the model and where requests go, and nothing else", () => {
  const shown = '{ model: "m", baseURL: "https://api.together.ai/v1" }';
  expect(inspect(new TogetherEmbeddings({ model: "m", apiKey }))).toBe(`TogetherEmbeddings ${shown}`);
  expect(inspect(new TogetherReranker({ model: "m", apiKey }))).toBe(`TogetherReranker ${shown}`);
});

test.each([
  ["TogetherEmbeddings", TogetherEmbeddings],
  ["TogetherReranker", TogetherReranker],
])("%s is written with its address, and without the secrets in the query of that", (_, Class) => {
  const baseURL = `http://127.0.0.1:9/v1?api-version=1&key=${apiKey}`;
  const text = JSON.stringify(new Class({ apiKey, baseURL, model: "m" }));
  expect(JSON.parse(text).kwargs.baseURL).toBe("http://127.0.0.1:9/v1?api-version=1");
  expect(text).not.toContain(apiKey);
});
