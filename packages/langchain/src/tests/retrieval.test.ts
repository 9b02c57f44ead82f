/** The adapters inside LangChain's own retrievers and chains. */
import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Document } from "@langchain/core/documents";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda, RunnablePassthrough, RunnableSequence } from "@langchain/core/runnables";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { expect, test } from "vitest";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "../index.ts";
import { startServer } from "./server.ts";

const facts = [
  "The city of Paris has a famous tower",
  "A capital of a company is its money",
  "Bread is made of flour and water",
  "Berlin is the capital of Germany",
  "Paris is the capital of France",
  "Whales are mammals of the sea",
].map((pageContent, line) => new Document({ pageContent, metadata: { line }, id: `fact-${line}` }));

async function startParts() {
  const server = await startServer();
  const client = new TogetherClient({ apiKey: "test-key", baseURL: server.baseURL });
  const embeddings = new TogetherEmbeddings({ model: "embedder", client });
  const reranker = new TogetherReranker({ model: "ranker", client, topN: 2 });
  return { server, client, embeddings, reranker };
}

test("ContextualCompressionRetriever answers with the reranker's best of the store's candidates", async () => {
  const { server, client, embeddings, reranker } = await startParts();
  const store = await MemoryVectorStore.fromDocuments(facts, embeddings);
  const retriever = new ContextualCompressionRetriever({
    baseRetriever: store.asRetriever(4),
    baseCompressor: reranker,
  });

  const found = await retriever.invoke("What is the capital of France?");

  expect(found.map(({ id }) => id)).toEqual(["fact-4", "fact-3"]);
  expect(found[0]).toBeInstanceOf(Document);
  expect(found[0]?.metadata).toEqual({ line: 4, relevanceScore: 5 / 6 });
  const [ingest, query, rerank] = server.requests;
  expect(ingest?.body.input).toHaveLength(6);
  expect(query?.body.input).toEqual(["What is the capital of France?"]);
  expect(rerank?.body.documents).toHaveLength(4);
  expect(client.usage.requests).toBe(3);
});

test("an LCEL chain retrieves, reranks and answers", async () => {
  const { embeddings, reranker } = await startParts();
  const store = await MemoryVectorStore.fromDocuments(facts, embeddings);
  const rerank = RunnableLambda.from(
    async ({ question, candidates }: { question: string; candidates: Document[] }) =>
      reranker.compressDocuments(candidates, question),
  );
  const prompt = ChatPromptTemplate.fromTemplate("Answer {question} from: {context}");
  let asked = "";
  const chain = RunnableSequence.from([
    { question: new RunnablePassthrough<string>(), candidates: store.asRetriever(4) },
    RunnablePassthrough.assign({
      context: RunnableSequence.from([
        rerank,
        (best: Document[]) => best.map(({ pageContent }) => pageContent).join("\n"),
      ]),
    }),
    prompt,
    RunnableLambda.from((value: { toString(): string }) => {
      asked = value.toString();
      return value;
    }),
    new FakeListChatModel({ responses: ["Paris."] }),
    new StringOutputParser(),
  ]);

  expect(await chain.invoke("What is the capital of France?")).toBe("Paris.");
  expect(asked).toContain("from: Paris is the capital of France\nBerlin is the capital of Germany");
});
