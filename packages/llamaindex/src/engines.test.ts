/** Our two parts inside LlamaIndex's own index, retriever, engines and memory, on a real small model. */
import { BaseLLM, type LLMChatParamsNonStreaming, type LLMChatParamsStreaming } from "@llamaindex/core/llms";
import { extractText } from "@llamaindex/core/utils";
import { startLocalServer } from "@together-retrieval/local";
import { Document, RetrieverQueryEngine, Settings, VectorStoreIndex } from "llamaindex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RerankedNode, TogetherClient, TogetherEmbeddings, TogetherReranker } from "./index.ts";

/** Answers with what it was given: the context that an engine would send to a model. */
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

let server: Awaited<ReturnType<typeof startLocalServer>>;
let client: TogetherClient;
let embeddings: TogetherEmbeddings;
let reranker: TogetherReranker;

beforeAll(async () => {
  server = await startLocalServer({ port: 0 });
  client = new TogetherClient({ apiKey: "none-needed", baseURL: server.url });
  embeddings = new TogetherEmbeddings({ client, model: "small" });
  reranker = new TogetherReranker({ client, model: "small-rerank", topN: 2 });
  Settings.embedModel = embeddings;
  Settings.llm = new EchoLLM();
});
afterAll(() => server.close());

describe("in LlamaIndex's engines", () => {
  it("a VectorStoreIndex finds the nearest nodes with Settings.embedModel", async () => {
    const index = await VectorStoreIndex.fromDocuments(documents());
    const found = await index
      .asRetriever({ similarityTopK: 1 })
      .retrieve({ query: "What are Saturn's rings?" });
    expect(found.map(({ node }) => node.sourceNode?.nodeId)).toEqual(["fact-4"]);
  });

  it("a RetrieverQueryEngine answers from the reranked nodes", async () => {
    const index = await VectorStoreIndex.fromDocuments(documents());
    const retriever = index.asRetriever({ similarityTopK: 6 });
    const engine = new RetrieverQueryEngine(retriever, undefined, [reranker]);
    const answer = await engine.query({ query: "How heavy is a whale's heart?" });
    const sources = answer.sourceNodes as RerankedNode[];
    expect(sources).toHaveLength(2);
    expect(sources[0]?.node.sourceNode?.nodeId).toBe("fact-3");
    for (const { score, retrievalScore } of sources) {
      expect(score).toBeTypeOf("number");
      expect(retrievalScore).toBeTypeOf("number");
    }
    expect(answer.toString()).toContain(facts[3]);
    expect(answer.toString()).not.toContain(facts[1]);
  });
});
