/** Prompts are added to the texts that hosts embed on their own, in stores and indexes. */
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { TextNode } from "@llamaindex/core/schema";
import * as langchain from "@together-retrieval/langchain";
import * as llamaindex from "@together-retrieval/llamaindex";
import { it } from "@together-retrieval/test-server/fixture";
import type { AwkwardServer } from "@together-retrieval/test-server/server";
import { IngestionPipeline, Settings, VectorStoreIndex } from "llamaindex";
import { describe, expect } from "vitest";
import { KEY } from "./client.ts";

const profile = { queryPrompt: "{task} query: ", documentPrompt: "passage: " };
const options = ({ baseURL }: AwkwardServer) => ({
  apiKey: KEY,
  baseURL,
  model: "m",
  profile,
  task: "Find it.",
});
const inputs = ({ requests }: AwkwardServer) => requests.map((request) => request.inputs);

describe("LlamaIndex", () => {
  it("embeds an index's nodes as documents and its questions as queries", async ({ server }) => {
    const embedModel = new llamaindex.TogetherEmbeddings(options(server));
    await Settings.withEmbedModel(embedModel, async () => {
      const nodes = [new TextNode({ text: "one" }), new TextNode({ text: "two" })];
      const index = await VectorStoreIndex.init({ nodes });
      await index.asRetriever({ similarityTopK: 1 }).retrieve({ query: "which?" });
    });
    expect(inputs(server)).toEqual([["passage: one", "passage: two"], ["Find it. query: which?"]]);
  });

  it("embeds a pipeline's nodes as documents", async ({ server }) => {
    const embeddings = new llamaindex.TogetherEmbeddings(options(server));
    const pipeline = new IngestionPipeline({ transformations: [embeddings], disableCache: true });
    await pipeline.run({ nodes: [new TextNode({ text: "one", metadata: { title: "t" } })] });
    expect(inputs(server)).toEqual([["passage: title: t\n\none"]]);
  });
});

describe("LangChain", () => {
  it("embeds a store's documents as documents and its questions as queries", async ({ server }) => {
    const embeddings = new langchain.TogetherEmbeddings(options(server));
    const store = await MemoryVectorStore.fromTexts(["one", "two"], [{}, {}], embeddings);
    await store.asRetriever(1).invoke("which?");
    expect(inputs(server)).toEqual([["passage: one", "passage: two"], ["Find it. query: which?"]]);
  });
});
