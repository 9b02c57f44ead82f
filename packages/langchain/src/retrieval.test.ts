/** The adapters inside LangChain's own retrievers and chains. */
import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { DocumentCompressorPipeline } from "@langchain/classic/retrievers/document_compressors";
import { EnsembleRetriever } from "@langchain/classic/retrievers/ensemble";
import { HydeRetriever } from "@langchain/classic/retrievers/hyde";
import { MultiQueryRetriever } from "@langchain/classic/retrievers/multi_query";
import { ParentDocumentRetriever } from "@langchain/classic/retrievers/parent_document";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Document } from "@langchain/core/documents";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda, RunnablePassthrough, RunnableSequence } from "@langchain/core/runnables";
import { InMemoryStore } from "@langchain/core/stores";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";
import { serve } from "@together-retrieval/test-server/by-words";
import { expect, test } from "vitest";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "./index.ts";

const facts = [
  "The city of Paris has a famous tower",
  "A capital of a company is its money",
  "Bread is made of flour and water",
  "Berlin is the capital of Germany",
  "Paris is the capital of France",
  "Whales are mammals of the sea",
].map((pageContent, line) => new Document({ pageContent, metadata: { line }, id: `fact-${line}` }));

async function startParts() {
  const server = await serve();
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

test("DocumentCompressorPipeline: split first, then rank the pieces", async () => {
  const { server, reranker } = await startParts();
  const splitter = new RecursiveCharacterTextSplitter({ chunkSize: 40, chunkOverlap: 0 });
  const pipeline = new DocumentCompressorPipeline({ transformers: [splitter, reranker] });
  const long = new Document({
    pageContent:
      "Whales are mammals of the open sea.\n\nParis is the capital of France.\n\nBread is made of flour.",
    metadata: { source: "book" },
  });

  const [best] = await pipeline.compressDocuments([long], "capital of France");

  expect(best).toMatchObject({
    pageContent: "Paris is the capital of France.",
    metadata: { source: "book", relevanceScore: 1 },
  });
  expect(server.requests[0]?.body.documents).toHaveLength(3);
});

test("ParentDocumentRetriever ranks pieces, keeps their parents' ids, and answers with the parents", async () => {
  const { server, embeddings, reranker } = await startParts();
  const retriever = new ParentDocumentRetriever({
    vectorstore: new MemoryVectorStore(embeddings),
    byteStore: new InMemoryStore<Uint8Array>(),
    childSplitter: new RecursiveCharacterTextSplitter({ chunkSize: 40, chunkOverlap: 0 }),
    childK: 6,
    parentK: 1,
    documentCompressor: reranker,
  });
  const parents = [
    "Whales are mammals of the open sea.\n\nThey sing to each other.",
    "Paris is the capital of France.\n\nIt has a famous tower of iron.",
  ].map((pageContent) => new Document({ pageContent }));
  await retriever.addDocuments(parents);

  const found = await retriever.invoke("capital of France");

  expect(found.map(({ pageContent }) => pageContent)).toEqual([parents[1]?.pageContent]);
  expect(server.requests.at(-1)?.body).toMatchObject({
    query: "capital of France",
    documents: { length: 4 },
  });
});

test("MultiQueryRetriever ranks what all its queries found by the question that was asked", async () => {
  const { server, embeddings, reranker } = await startParts();
  const store = await MemoryVectorStore.fromDocuments(facts, embeddings);
  const retriever = MultiQueryRetriever.fromLLM({
    llm: new FakeListChatModel({
      responses: ["<questions>\ntower in Paris\ncapital of Germany\n</questions>"],
    }),
    retriever: store.asRetriever(3),
    documentCompressor: reranker,
  });

  const found = await retriever.invoke("capital of France");

  expect(found.map(({ id }) => id)).toEqual(["fact-4", "fact-3"]);
  expect(
    server.requests.filter(({ path }) => path.endsWith("/rerank")).map(({ body }) => body.query),
  ).toEqual(["capital of France"]);
});

test("EnsembleRetriever gives what its lists found once each, and the reranker orders it", async () => {
  const { server, embeddings, reranker } = await startParts();
  const store = await MemoryVectorStore.fromDocuments(facts, embeddings);
  const [near, other] = await Promise.all([
    MemoryVectorStore.fromDocuments(facts.slice(0, 3), embeddings),
    MemoryVectorStore.fromDocuments(facts.slice(3), embeddings),
  ]);
  const retriever = new ContextualCompressionRetriever({
    baseRetriever: new EnsembleRetriever({
      retrievers: [near.asRetriever(2), other.asRetriever(2), store.asRetriever(2)],
    }),
    baseCompressor: reranker,
  });

  const found = await retriever.invoke("capital of France");

  expect(found).toHaveLength(2);
  expect(found[0]?.id).toBe("fact-4");
  const texts = server.requests.at(-1)?.body.documents as string[];
  expect(new Set(texts).size).toBe(texts.length);
});

test("HydeRetriever embeds the answer that a model made up", async () => {
  const { server, embeddings } = await startParts();
  const retriever = new HydeRetriever({
    vectorStore: await MemoryVectorStore.fromDocuments(facts, embeddings),
    llm: new FakeListChatModel({ responses: ["Berlin is the capital of Germany"] }),
    k: 1,
  });

  const found = await retriever.invoke("Which city governs the Germans?");

  expect(found.map(({ id }) => id)).toEqual(["fact-3"]);
  expect(server.requests.at(-1)?.body.input).toEqual(["Berlin is the capital of Germany"]);
});
