/** What LlamaIndex asks of a postprocessor, on real sockets. */
import { ImageNode, MetadataMode, TextNode } from "@llamaindex/core/schema";
import { answer, honest, page, ranking, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import type { AwkwardServer } from "@together-retrieval/test-server/server";
import { describe, expect } from "vitest";
import { TogetherClient, TogetherReranker, type TogetherRerankerOptions } from "./index.ts";

function open({ baseURL }: AwkwardServer, options: Partial<TogetherRerankerOptions> = {}) {
  return new TogetherReranker({ model: "test/reranker", apiKey: "test-key", baseURL, ...options });
}

/** Nodes whose texts say their scores, each with the retriever's. */
function found(...scores: number[]) {
  return scores.map((score, at) => ({
    node: new TextNode({ text: `score:${score}` }),
    score: 0.9 - at / 10,
  }));
}

const picture = () => new ImageNode({ image: "data:image/png;base64,AAAA" });
const imagePart = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } } as const;

describe("the ranking", () => {
  it("comes best first, as new wrappers around the same nodes, with both scores", async ({ server }) => {
    const nodes = found(0.1, 0.7, 0.4);
    const [low, high, middle] = nodes.map(({ node }) => node);
    expect(await open(server).postprocessNodes(nodes, "which?")).toEqual([
      { node: high, score: 0.7, retrievalScore: 0.8 },
      { node: middle, score: 0.4, retrievalScore: 0.7 },
      { node: low, score: 0.1, retrievalScore: 0.9 },
    ]);
    const [best] = await open(server).postprocessNodes(nodes, "which?");
    expect(best?.node).toBe(high);
    expect(best).not.toBe(nodes[1]);
  });

  it("writes nothing to nodes, metadata and wrappers, which other queries share", async ({ server }) => {
    const metadata = Object.freeze({ source: "shared" });
    const nodes = [0.1, 0.7].map((score) => {
      const node = Object.freeze(new TextNode({ text: `score:${score}`, metadata }));
      return Object.freeze({ node, score: 0.5 });
    });
    const before = structuredClone(nodes.map(({ node }) => node.toJSON()));
    const reranker = open(server);
    const rankings = await Promise.all(
      ["one", "two"].map((query) => reranker.postprocessNodes([...nodes], query)),
    );
    for (const ranked of rankings) expect(ranked.map(({ score }) => score)).toEqual([0.7, 0.1]);
    expect(nodes.map(({ node }) => node.toJSON())).toEqual(before);
    expect(nodes.map(({ score }) => score)).toEqual([0.5, 0.5]);
  });

  it("keeps the retriever's score through several rerankers, and makes up none", async ({ server }) => {
    const first = await open(server).postprocessNodes(found(0.7), "which?");
    expect(await open(server).postprocessNodes(first, "which?")).toMatchObject([
      { score: 0.7, retrievalScore: 0.9 },
    ]);
    const node = new TextNode({ text: "score:0.2" });
    expect(await open(server).postprocessNodes([{ node }], "which?")).toEqual([{ node, score: 0.2 }]);
  });

  it("stops at `topN` and at `scoreThreshold`", async ({ server }) => {
    const scores = async (options: Partial<TogetherRerankerOptions>) =>
      (await open(server, options).postprocessNodes(found(0.1, 0.7, 0.4), "which?")).map(
        ({ score }) => score,
      );
    expect(await scores({ topN: 2 })).toEqual([0.7, 0.4]);
    expect(await scores({ scoreThreshold: 0.4 })).toEqual([0.7, 0.4]);
    expect(await scores({ scoreThreshold: 0.8 })).toEqual([]);
    expect(await scores({ topN: 1, scoreThreshold: 0.1 })).toEqual([0.7]);
  });
});

describe("the text that is ranked", () => {
  const node = () =>
    new TextNode({
      text: "body",
      metadata: { title: "T", forEmbedding: "E", forModel: "L" },
      excludedEmbedMetadataKeys: ["forModel"],
      excludedLlmMetadataKeys: ["forEmbedding"],
    });

  it("is the text to embed, or what `metadataMode` says", async ({ server }) => {
    for (const metadataMode of [undefined, "EMBED", MetadataMode.ALL, "LLM", "NONE"] as const) {
      await open(server, { metadataMode }).postprocessNodes([{ node: node() }], "which?");
    }
    expect(server.requests.map(({ documents }) => documents)).toEqual([
      ["forEmbedding: E\ntitle: T\n\nbody"],
      ["forEmbedding: E\ntitle: T\n\nbody"],
      ["forEmbedding: E\nforModel: L\ntitle: T\n\nbody"],
      ["forModel: L\ntitle: T\n\nbody"],
      ["body"],
    ]);
  });

  it("is, with `rankFields`, those fields of the metadata, and `text` the node's own", async ({ server }) => {
    const reranker = open(server, { rankFields: ["title", "text", "unknown"] });
    await reranker.postprocessNodes([{ node: node() }, { node: picture() }], "which?");
    expect(server.requests[0]?.body).toMatchObject({
      documents: [{ title: "T", text: "body" }],
      rank_fields: ["title", "text", "unknown"],
    });
    expect(() => open(server, { rankFields: ["title"], metadataMode: "NONE" })).toThrow(/exclude each other/);
  });
});

describe("nodes without text", () => {
  it("come last, in their order, without a score", async ({ server }) => {
    const pictures = [picture(), picture()];
    const nodes = [
      { node: pictures[0] as ImageNode, score: 0.9 },
      ...found(0.2),
      { node: pictures[1] as ImageNode },
    ];
    const ranked = await open(server).postprocessNodes(nodes, "which?");
    expect(ranked.map((wrapper) => "score" in wrapper)).toEqual([true, false, false]);
    expect(ranked.map(({ node }) => node)).toEqual([nodes[1]?.node, ...pictures]);
    expect(ranked[1]?.retrievalScore).toBe(0.9);
    expect(server.requests[0]?.documents).toEqual(["score:0.2"]);
  });

  it("count for `topN`, and fall to any threshold", async ({ server }) => {
    const nodes = [{ node: picture() }, ...found(0.2, 0.1), { node: picture() }];
    expect(await open(server, { topN: 3 }).postprocessNodes(nodes, "which?")).toHaveLength(3);
    const above = await open(server, { scoreThreshold: -5 }).postprocessNodes(nodes, "which?");
    expect(above.map(({ score }) => score)).toEqual([0.2, 0.1]);
  });

  it("do not shift the position that a refusal or an error names", async ({ server }) => {
    server.always((request, reply) =>
      (request.documents?.includes("score:0.1") ? refuse(400) : honest())(request, reply),
    );
    const nodes = [{ node: picture() }, ...found(0.2), { node: picture() }, ...found(0.1)];
    const refused = open(server).postprocessNodes(nodes, "which?");
    await expect(refused).rejects.toMatchObject({ inputIndex: 3, status: 400 });
    await expect(refused).rejects.toThrow(/^Document 3 was refused/);
  });

  it("do not shift the position that names a score that is no number", async ({ server }) => {
    server.always(
      ranking(({ results, ...body }) => ({
        ...body,
        results: results.map((result) =>
          result.index === 1 ? { ...result, relevance_score: null } : result,
        ),
      })),
    );
    const nodes = [{ node: picture() }, ...found(0.2), { node: picture() }, ...found(0.1)];
    const work = open(server).postprocessNodes(nodes, "which?");
    await expect(work).rejects.toThrow(/score of document 3 is not a finite number/);
    await expect(work).rejects.toMatchObject({ name: "TogetherResponseError" });
  });

  it("do not shift the position that names a node whose fields JSON cannot hold", async ({ server }) => {
    const odd = new TextNode({ text: "x", metadata: { title: 1n } });
    const nodes = [{ node: picture() }, { node: odd }];
    const work = open(server, { rankFields: ["title"] }).postprocessNodes(nodes, "which?");
    await expect(work).rejects.toThrow(/^Expected `nodes\[1\]` to be an object that JSON can hold/);
    await expect(work).rejects.toBeInstanceOf(TypeError);
  });

  it("alone need no request", async ({ server }) => {
    const node = picture();
    expect(await open(server).postprocessNodes([{ node }], "which?")).toEqual([{ node }]);
    expect(server.requests).toEqual([]);
  });

  it("are not those images that have words", async ({ server }) => {
    const node = new ImageNode({ image: "data:image/png;base64,AAAA", metadata: { caption: "score:0.3" } });
    expect(await open(server).postprocessNodes([{ node }], "which?")).toEqual([{ node, score: 0.3 }]);
  });
});

describe("the query", () => {
  it("may be a message: its text parts count", async ({ server }) => {
    const query = [
      { type: "text" as const, text: "what" },
      imagePart,
      { type: "text" as const, text: "is this?" },
    ];
    await open(server).postprocessNodes(found(0.1), query);
    expect(server.requests[0]?.body.query).toBe("what\n\nis this?");
  });

  it("is needed, and needs text in it", async ({ server }) => {
    const reranker = open(server);
    await expect(reranker.postprocessNodes(found(0.1))).rejects.toThrow(/`query`.*got `undefined`/);
    await expect(reranker.postprocessNodes(found(0.1), " ")).rejects.toThrow(/`query`.*blank/);
    await expect(reranker.postprocessNodes(found(0.1), [imagePart])).rejects.toThrow(
      /`query`.*parts without text/,
    );
    for (const query of [undefined, "", [imagePart], []]) {
      await expect(reranker.postprocessNodes(found(0.1), query)).rejects.toThrow(TypeError);
      await expect(reranker.postprocessNodes([{ node: picture() }], query)).rejects.toThrow(TypeError);
    }
    expect(server.requests).toEqual([]);
  });

  it.for([null, 7, {}, [null], { type: "text", text: "a part alone" }])(
    "that is no message is a TypeError that names it: %o",
    async (query, { server }) => {
      const ranking = open(server).postprocessNodes(found(0.1), query as never);
      await expect(ranking).rejects.toThrow(/^Expected `query` to be/);
      expect(server.requests).toEqual([]);
    },
  );

  it("does not matter when there are no nodes", async ({ server }) => {
    expect(await open(server).postprocessNodes([], "which?")).toEqual([]);
    expect(await open(server).postprocessNodes([])).toEqual([]);
    expect(server.requests).toEqual([]);
  });
});

describe("what is no node", () => {
  it.for<[unknown, RegExp]>([
    [undefined, /^Expected `nodes` to be an array, got `undefined`/],
    ["", /^Expected `nodes` to be an array/],
    [[...found(0.1), undefined], /^Expected `nodes\[1\]` to be a NodeWithScore/],
    [[...found(0.1), new TextNode({ text: "bare" })], /^Expected `nodes\[1\]` to be a NodeWithScore/],
  ])("is a TypeError that names its place: %o", async ([nodes, message], { server }) => {
    await expect(open(server).postprocessNodes(nodes as never, "which?")).rejects.toThrow(message);
    expect(server.requests).toEqual([]);
  });
});

describe("an answer that does not fit", () => {
  it("is an error and no ranking", async ({ server }) => {
    server.script(
      refuse(401),
      answer(200, { results: [{ index: 7, relevance_score: 0.5 }] }),
      ranking((body) => ({ ...body, results: [] })),
      page(200),
    );
    const reranker = open(server);
    await expect(reranker.postprocessNodes(found(0.1), "which?")).rejects.toMatchObject({ status: 401 });
    for (let spoiled = 0; spoiled < 3; spoiled++) {
      await expect(reranker.postprocessNodes(found(0.1), "which?")).rejects.toMatchObject({
        name: "TogetherResponseError",
      });
    }
  });
});

describe("the options", () => {
  it("that are unknown, or the host's to say, are refused by name", ({ server }) => {
    for (const name of ["topK", "signal", "inputType"]) {
      expect(() => open(server, { [name]: 1 } as object)).toThrow(TypeError);
      expect(() => open(server, { [name]: 1 } as object)).toThrow(`\`${name}\``);
    }
    expect(() => open(server, { topN: 0 })).toThrow(/`topN`.*got `0`/);
    expect(() => open(server, { metadataMode: "embed" as "EMBED" })).toThrow(
      /`metadataMode`.*"EMBED".*got `"embed"`/,
    );
    expect(() => new TogetherReranker(undefined as never)).toThrow(TypeError);
  });

  it("may share a client, with its limiter and its usage", async ({ server }) => {
    const client = new TogetherClient({ apiKey: "test-key", baseURL: server.baseURL });
    const reranker = new TogetherReranker({ client, model: "test/reranker" });
    await reranker.postprocessNodes(found(0.1, 0.2), "which?");
    expect(client.usage).toMatchObject({ requests: 1, promptTokens: 2 });
    expect(() => open(server, { client })).toThrow(/`client` and `apiKey` exclude each other/);
  });
});
