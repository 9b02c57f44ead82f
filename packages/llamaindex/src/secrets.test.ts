/** Neither the key nor the client is shown anywhere. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "./index.ts";

const KEY = "tgp_v1_never-to-be-seen";
const HEADER = "a-header-never-to-be-seen";
const settings = { apiKey: KEY, headers: { "x-secret": HEADER } };
const client = new TogetherClient(settings);

describe.each([
  ["TogetherEmbeddings", () => new TogetherEmbeddings({ model: "m", ...settings, onUsage() {} })],
  ["TogetherEmbeddings on a client", () => new TogetherEmbeddings({ model: "m", client })],
  ["TogetherReranker", () => new TogetherReranker({ model: "m", ...settings, topN: 3 })],
  ["TogetherReranker on a client", () => new TogetherReranker({ model: "m", client })],
])("%s", (name, make) => {
  it("shows neither key, headers nor client when it is printed, saved or copied", () => {
    const made = make();
    const views = [
      JSON.stringify(made),
      JSON.stringify({ nested: [made] }),
      inspect(made, { depth: 9, showHidden: true, getters: true }),
      String(Object.entries(made).flat()),
      JSON.stringify({ ...made }),
    ];
    for (const view of views) {
      expect(view).not.toContain(KEY);
      expect(view).not.toContain(HEADER);
      expect(view).not.toMatch(/TogetherClient|limiter/i);
    }
    expect(Reflect.ownKeys(made)).not.toContain("client");
  });

  it("says its class, its model and every option that is data", () => {
    const [type] = name.split(" ");
    expect(JSON.parse(JSON.stringify(make()))).toMatchObject({ type, model: "m" });
  });
});

describe("what is saved", () => {
  it("keeps options that are data, and leaves out functions", () => {
    const profile = { queryPrompt: "q: ", tokenizer: { encode: () => [], decode: () => "" } };
    const options = { model: "m", profile, batchSize: 7, timeoutMs: 9, onRetry() {}, ...settings };
    expect(new TogetherEmbeddings(options).toJSON()).toEqual({
      type: "TogetherEmbeddings",
      model: "m",
      profile: { queryPrompt: "q: " },
      batchSize: 7,
      timeoutMs: 9,
    });
    expect(new TogetherReranker({ model: "m", topN: 3, metadataMode: "NONE", ...settings }).toJSON()).toEqual(
      {
        type: "TogetherReranker",
        model: "m",
        topN: 3,
        metadataMode: "NONE",
      },
    );
  });

  it("keeps the address without the secrets in its query", () => {
    const settings = {
      model: "m",
      apiKey: KEY,
      baseURL: `http://127.0.0.1:9/v1?api-key=${HEADER}&api-version=1`,
    };
    for (const made of [new TogetherEmbeddings(settings), new TogetherReranker(settings)])
      expect(made.toJSON()).toMatchObject({ baseURL: "http://127.0.0.1:9/v1?api-version=1" });
    expect(new TogetherEmbeddings(settings).id).not.toContain(HEADER);
  });

  it("is a copy: what is done to it changes no instance", () => {
    const embeddings = new TogetherEmbeddings({ model: "m", profile: { dimensions: 3 }, ...settings });
    (embeddings.toJSON().profile as { dimensions: number }).dimensions = 4;
    expect(embeddings.toJSON()).toMatchObject({ profile: { dimensions: 3 } });
  });

  it("cannot be had by structuredClone: a function is refused, and of the reranker an empty object is left", () => {
    expect(() => structuredClone(new TogetherEmbeddings({ model: "m", ...settings }))).toThrow(
      /could not be cloned/,
    );
    expect(structuredClone(new TogetherReranker({ model: "m", ...settings }))).toEqual({});
  });
});
