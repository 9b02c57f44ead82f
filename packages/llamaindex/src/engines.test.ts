/** Both classes inside LlamaIndex's own index, retriever, engines and settings, with a real small model. */
import { BaseLLM, type LLMChatParamsNonStreaming, type LLMChatParamsStreaming } from "@llamaindex/core/llms";
import type { BaseNode } from "@llamaindex/core/schema";
import { extractText } from "@llamaindex/core/utils";
import { startLocalServer } from "@together-retrieval/local";
import { ContextChatEngine, Document, RetrieverQueryEngine, Settings, VectorStoreIndex } from "llamaindex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RerankedNode, TogetherClient, TogetherEmbeddings, TogetherReranker } from "./index.ts";

/** Returns its input: the context that an engine would send to a model. */
class EchoLLM extends BaseLLM {
  metadata = {
    model: "echo",
    temperature: 0,
    topP: 1,
    contextWindow: 8192,
    tokenizer: undefined,
    structuredOutput: false,
  };

  override chat(params: LLMChatParamsStreaming): Promise<AsyncIterable<never>>;
  override chat(
    params: LLMChatParamsNonStreaming,
  ): Promise<{ message: { role: "assistant"; content: string }; raw: null }>;
  override async chat({ messages }: LLMChatParamsNonStreaming | LLMChatParamsStreaming): Promise<never> {
    const content = messages.map((message) => extractText(message.content)).join("\n");
    return { message: { role: "assistant", content }, raw: null } as never;
  }
}

const facts = [
  "The Danube flows through ten countries and empties into the Black Sea.",
  "A violin has four strings tuned in perfect fifths.",
  "Sourdough bread rises with wild yeast and lactic bacteria.",
  "The heart of a blue whale weighs about as much as a small car.",
  "Saturn's rings are made mostly of water ice.",
  "Chess is played on a board of sixty-four squares.",
];
const documents = () => facts.map((text, at) => new Document({ text, id_: `fact-${at}` }));
const idOf = ({ node }: { node: BaseNode }) => node.sourceNode?.nodeId;

let server: Awaited<ReturnType<typeof startLocalServer>>;
let client: TogetherClient;
let embeddings: TogetherEmbeddings;
let reranker: TogetherReranker;

beforeAll(async () => {
  server = await startLocalServer({ port: 0 });
  client = new TogetherClient({ apiKey: "none-needed", baseURL: server.url });
  embeddings = new TogetherEmbeddings({ client, model: "small" });
  reranker = new TogetherReranker({ client, model: "small-rerank", topN: 2 });
});
afterAll(() => server.close());

describe("in LlamaIndex", () => {
  it("Settings asks for an embedding model, and takes ours", async () => {
    expect(() => Settings.embedModel).toThrow(/Settings.embedModel/);
    Settings.embedModel = embeddings;
    Settings.llm = new EchoLLM();
    expect(Settings.embedModel).toBe(embeddings);
  });

  it("a VectorStoreIndex finds the nearest nodes, and tells its progress", async () => {
    const told: number[] = [];
    const nodes = documents();
    const index = await VectorStoreIndex.init({ nodes, progressCallback: (done) => told.push(done) });
    expect(told.at(-1)).toBe(6);
    const found = await index
      .asRetriever({ similarityTopK: 1 })
      .retrieve({ query: "What are Saturn's rings?" });
    expect(found.map(({ node }) => node.id_)).toEqual(["fact-4"]);
  });

  it("a RetrieverQueryEngine answers from the reranked nodes", async () => {
    const index = await VectorStoreIndex.fromDocuments(documents());
    const retriever = index.asRetriever({ similarityTopK: 6 });
    const engine = new RetrieverQueryEngine(retriever, undefined, [reranker]);
    const answer = await engine.query({ query: "How heavy is a whale's heart?" });
    const sources = answer.sourceNodes as RerankedNode[];
    expect(sources).toHaveLength(2);
    expect(sources.map(idOf)[0]).toBe("fact-3");
    for (const { score, retrievalScore } of sources) {
      expect(score).toBeTypeOf("number");
      expect(retrievalScore).toBeTypeOf("number");
    }
    expect(answer.toString()).toContain(facts[3]);
    expect(answer.toString()).not.toContain(facts[1]);
  });

  it("one index serves many queries: none leaves a score for another to see", async () => {
    const index = await VectorStoreIndex.fromDocuments(documents());
    const retriever = index.asRetriever({ similarityTopK: 6 });
    const engine = new RetrieverQueryEngine(retriever, undefined, [reranker]);
    const queries = ["How heavy is a whale's heart?", "Which bread rises with yeast?", "How many squares?"];
    const answers = await Promise.all(queries.map((query) => engine.query({ query })));
    expect(answers.map(({ sourceNodes = [] }) => sourceNodes.map(idOf)[0])).toEqual([
      "fact-3",
      "fact-2",
      "fact-5",
    ]);
    const alone = await engine.query({ query: queries[0] as string });
    expect(alone.sourceNodes?.map(({ score }) => score)).toEqual(
      answers[0]?.sourceNodes?.map(({ score }) => score),
    );
    for (const { node } of await retriever.retrieve({ query: "anything" })) expect(node.metadata).toEqual({});
  });

  it("a ContextChatEngine sends the reranked context, also for a message with an image in it", async () => {
    const index = await VectorStoreIndex.fromDocuments(documents());
    const retriever = index.asRetriever({ similarityTopK: 6 });
    const engine = new ContextChatEngine({ retriever, nodePostprocessors: [reranker] });
    const image = { type: "image_url" as const, image_url: { url: "data:image/png;base64,AAAA" } };
    for (const message of [
      "What flows into the Black Sea?",
      [{ type: "text" as const, text: "What flows into the Black Sea?" }, image],
    ]) {
      const answer = await engine.chat({ message });
      expect(answer.sourceNodes?.map(idOf)).toHaveLength(2);
      expect(answer.sourceNodes?.map(idOf)[0]).toBe("fact-0");
      expect(answer.toString()).toContain(facts[0]);
    }
  });

  it("a retriever takes the text of a message and passes over its image", async () => {
    const index = await VectorStoreIndex.fromDocuments(documents());
    const image = { type: "image_url" as const, image_url: { url: "data:image/png;base64,AAAA" } };
    const query = [image, { type: "text" as const, text: "violin strings" }];
    const found = await index.asRetriever({ similarityTopK: 1 }).retrieve({ query });
    expect(found.map(idOf)).toEqual(["fact-1"]);
  });

  it("Settings.withEmbedModel keeps tenants apart that work at the same time", async () => {
    const tenants = ["tenant-a", "tenant-b", "tenant-c"].map((model) => ({
      model,
      embedModel: new TogetherEmbeddings({ client, model }),
    }));
    const indexes = await Promise.all(
      tenants.map(({ embedModel }) =>
        Settings.withEmbedModel(embedModel, () => VectorStoreIndex.fromDocuments(documents())),
      ),
    );
    for (const [at, { model, embedModel }] of tenants.entries()) {
      expect(indexes[at]?.embedModel).toBe(embedModel);
      expect(client.usage.byModel[model]?.requests).toBe(1);
    }
  });
});
