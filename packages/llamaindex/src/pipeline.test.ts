/** The transform in LlamaIndex's own ingestion: it embeds all nodes or none, and the cache is never wrong. */
import { Document, ImageNode, type Metadata, MetadataMode, TextNode } from "@llamaindex/core/schema";
import { ofDimensions, refuse, silence } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import type { AwkwardServer } from "@together-retrieval/test-server/server";
import { IngestionCache, IngestionPipeline, SimpleVectorStore } from "llamaindex";
import { describe, expect } from "vitest";
import { TogetherClient, TogetherEmbeddings, type TogetherEmbeddingsOptions } from "./index.ts";

function open({ baseURL }: AwkwardServer, options: Partial<TogetherEmbeddingsOptions> = {}) {
  return new TogetherEmbeddings({ model: "test/model", apiKey: "test-key", baseURL, ...options });
}

const nodesOf = (...texts: string[]) => texts.map((text) => new TextNode({ text }));
const documentsOf = (...texts: string[]) => texts.map((text) => new Document({ text }));
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `text ${at}`);

describe("the transform", () => {
  it("gives every node the vector of its text, with the metadata that is not excluded", async ({
    server,
  }) => {
    const metadata: Metadata = { title: "Rivers", secret: "not for embedding" };
    const node = new TextNode({ text: "The Danube", metadata, excludedEmbedMetadataKeys: ["secret"] });
    const nodes = [node, ...nodesOf("b", "b")];
    expect(await open(server)(nodes)).toBe(nodes);
    expect(server.requests[0]?.inputs.sort()).toEqual(["b", "title: Rivers\n\nThe Danube"]);
    expect(node.embedding).toEqual(vectorOf(node.getContent(MetadataMode.EMBED)));
    expect(nodes.map(({ embedding }) => embedding?.length)).toEqual([8, 8, 8]);
    expect(nodes[1]?.embedding).not.toBe(nodes[2]?.embedding);
  });

  it("gives no node a vector when one batch of many fails", async ({ server }) => {
    server.script(ofDimensions(8), refuse(401));
    const nodes = nodesOf(...numbered(4));
    await expect(open(server, { batchSize: 2, maxConcurrency: 1 })(nodes)).rejects.toMatchObject({
      status: 401,
    });
    expect(server.requests).toHaveLength(2);
    expect(nodes.map(({ embedding }) => embedding)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("gives no node a vector when one text is refused, and says which", async ({ server }) => {
    server.always((request, reply) =>
      (request.inputs.includes("text 2") ? refuse(400) : ofDimensions(8))(request, reply),
    );
    const nodes = nodesOf(...numbered(4));
    await expect(open(server)(nodes)).rejects.toMatchObject({ inputIndex: 2 });
    expect(nodes.every(({ embedding }) => embedding === undefined)).toBe(true);
  });
});

describe("what can take no vector", () => {
  it.for<[string, (nodes: TextNode[]) => unknown, RegExp]>([
    ["no list", () => undefined, /^Expected `nodes` to be an array, got `undefined`/],
    ["no node", (nodes) => [...nodes, {}], /^Expected `nodes\[2\]` to be a node/],
    ["a hole", (nodes) => [...nodes, ...new Array(1)], /^Expected `nodes\[2\]`.*got `undefined`$/],
    ["a frozen node", (nodes) => [...nodes, Object.freeze(nodesOf("c")[0])], /^Expected `nodes\[2\]`/],
  ])(
    "is refused before any request, and no node has a vector: %s",
    async ([_, make, message], { server }) => {
      const nodes = nodesOf("a", "b");
      await expect(open(server)(make(nodes) as never)).rejects.toThrow(message);
      expect(server.requests).toEqual([]);
      expect(nodes.every(({ embedding }) => embedding === undefined)).toBe(true);
    },
  );
});

describe("an IngestionPipeline", () => {
  it("stores a vector for every node", async ({ server }) => {
    const vectorStore = new SimpleVectorStore({ embeddingModel: open(server) });
    const pipeline = new IngestionPipeline({ transformations: [open(server)], vectorStore });
    const nodes = await pipeline.run({ nodes: nodesOf(...numbered(120)) });
    expect(nodes).toHaveLength(120);
    expect(Object.keys(vectorStore.toDict().embeddingDict)).toHaveLength(120);
    expect(server.requests).toHaveLength(2);
  });

  it("hands on its signal and its progress callback", async ({ server }) => {
    const pipeline = new IngestionPipeline({ transformations: [open(server)] });
    const told: [number, number][] = [];
    await pipeline.run(
      { nodes: nodesOf("a", "b") },
      { progressCallback: (current: number, total: number) => told.push([current, total]) },
    );
    expect(told.at(-1)).toEqual([2, 2]);
    server.always(silence);
    const controller = new AbortController();
    const nodes = nodesOf("c");
    const run = pipeline.run({ nodes }, { signal: controller.signal }).catch((error: unknown) => error);
    await server.nextRequest();
    await server.nextRequest();
    controller.abort("the job was cancelled");
    expect(await run).toBe("the job was cancelled");
    expect(nodes[0]?.embedding).toBeUndefined();
  });

  it("leaves nothing of a failed run in its store or its cache", async ({ server }) => {
    const cache = new IngestionCache();
    const vectorStore = new SimpleVectorStore({ embeddingModel: open(server) });
    const pipeline = new IngestionPipeline({ transformations: [open(server)], vectorStore });
    server.script(refuse(401));
    await expect(pipeline.run({ nodes: nodesOf("a"), cache })).rejects.toMatchObject({ status: 401 });
    expect(vectorStore.toDict().embeddingDict).toEqual({});
    const [node] = await pipeline.run({ nodes: nodesOf("a"), cache });
    expect(node?.embedding).toEqual(vectorOf("a"));
    expect(server.requests).toHaveLength(2);
  });

  it("embeds an image by its words: their vector is text like any other", async ({ server }) => {
    const node = new ImageNode({ image: "data:image/png;base64,AAAA", text: "a red fox" });
    await new IngestionPipeline({ transformations: [open(server)] }).run({ nodes: [node] });
    expect(node.embedding).toEqual(vectorOf("a red fox"));
  });
});

describe("the pipeline's cache", () => {
  const tokenizer = () => ({
    encode: (text: string) => Array.from(text, (letter) => letter.charCodeAt(0)),
    decode: (ids: number[]) => String.fromCharCode(...ids),
  });

  /** How many requests a second run sends after a first run with other embeddings and the same cache. */
  async function requestsOf(server: AwkwardServer, one: TogetherEmbeddings, other: TogetherEmbeddings) {
    const cache = new IngestionCache();
    const run = async (embeddings: TogetherEmbeddings) => {
      const pipeline = new IngestionPipeline({ transformations: [embeddings] });
      return pipeline.run({ documents: documentsOf("a", "b"), cache });
    };
    await run(one);
    const before = server.requests.length;
    const nodes = await run(other);
    expect(nodes.map(({ embedding }) => embedding)).toEqual(["a", "b"].map((text) => vectorOf(text)));
    return server.requests.length - before;
  }

  it("hits for another instance of the same model and profile, whoever's key it is", async ({ server }) => {
    const profile = { queryPrompt: "q: ", maxTokens: 512 };
    const one = open(server, { profile });
    const other = new TogetherEmbeddings({
      baseURL: server.baseURL,
      profile: { maxTokens: 512, queryPrompt: "q: " },
      model: "test/model",
      apiKey: "another-key",
      headers: { "x-team": "b" },
    });
    expect(other.id).toBe(one.id);
    expect(await requestsOf(server, one, other)).toBe(0);
  });

  it("misses for another model, another profile, other vectors", async ({ server }) => {
    const one = open(server, { profile: { maxTokens: 512 } });
    for (const options of [
      { profile: { maxTokens: 512 }, model: "test/other-model" },
      { profile: { maxTokens: 256 } },
      { profile: { maxTokens: 512, dimensions: 8 } },
      { profile: false as const },
      {},
    ]) {
      const other = open(server, options);
      expect(other.id).not.toBe(one.id);
      expect(await requestsOf(server, one, other)).toBe(1);
    }
    for (const extraBody of [{ client: "a" }, { client: "b" }, { client: "a", deep: [{ headers: 1 }] }]) {
      const others = [
        {},
        { extraBody: { client: "c" } },
        { extraBody: { client: "a", deep: [{ headers: 2 }] } },
      ];
      const ids = [{ extraBody }, ...others].map((options) => open(server, options).id);
      expect(new Set(ids).size).toBe(4);
    }
    const profile = { minDimensions: 2 };
    const cuts = [2, 4, undefined].map((dimensions) => open(server, { profile, dimensions }).id);
    expect(new Set(cuts).size).toBe(3);
    expect(open(server, { normalize: true }).id).not.toBe(open(server).id);
  });

  it("tells the servers of given clients apart, and hits for a client of the same server", ({ server }) => {
    const { baseURL } = server;
    const through = (url: string) =>
      new TogetherEmbeddings({ model: "m", client: new TogetherClient({ baseURL: url, apiKey: "k" }) });
    expect(through(baseURL).id).not.toBe(through("http://127.0.0.1:9/v1").id);
    expect(through(baseURL).id).toBe(through(baseURL).id);
  });

  it("hits with the same tokenizer, and misses with another, where it cuts texts", async ({ server }) => {
    const profile = { maxTokens: 512, tokenizer: tokenizer() };
    const options = { profile, longInput: "truncate" as const };
    const other = { ...options, profile: { ...profile, tokenizer: tokenizer() } };
    expect(await requestsOf(server, open(server, options), open(server, options))).toBe(0);
    expect(await requestsOf(server, open(server, options), open(server, other))).toBe(1);
  });

  it("keeps vectors exactly", async ({ server }) => {
    const cache = new IngestionCache();
    const pipeline = () =>
      new IngestionPipeline({ transformations: [open(server, { encodingFormat: "base64" })] });
    const first = await pipeline().run({ documents: documentsOf("a"), cache });
    const second = await pipeline().run({ documents: documentsOf("a"), cache });
    expect(server.requests).toHaveLength(1);
    expect(second[0]?.embedding).toEqual(first[0]?.embedding);
    expect(Array.isArray(second[0]?.embedding)).toBe(true);
  });

  it("loses the vectors of text nodes, whoever made them; without it they are safe", async ({ server }) => {
    const options = { transformations: [open(server)] };
    const twice = async (pipeline: IngestionPipeline) => {
      await pipeline.run({ nodes: nodesOf("a") });
      const [node] = await pipeline.run({ nodes: nodesOf("a") });
      return node?.embedding;
    };
    // LlamaIndex does this to every embedding model; it is why our README asks for `disableCache`.
    expect(await twice(new IngestionPipeline(options))).toBeUndefined();
    expect(await twice(new IngestionPipeline({ ...options, disableCache: true }))).toEqual(vectorOf("a"));
  });
});
