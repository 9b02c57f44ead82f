/** An index through LangChain's retrievers and chains and LlamaIndex's engines: real hosts, a real small model, a reranker. */
import { AsyncLocalStorage } from "node:async_hooks";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import type { DocumentInterface } from "@langchain/core/documents";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { BaseRetriever as LangChainRetriever } from "@langchain/core/retrievers";
import { RunnableLambda, RunnablePassthrough, RunnableSequence } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { OpenAI } from "@llamaindex/openai";
import { TogetherClient } from "@together-retrieval/core";
import { TogetherReranker } from "@together-retrieval/langchain";
import { TogetherReranker as LlamaIndexReranker } from "@together-retrieval/llamaindex";
import { startLocalServer } from "@together-retrieval/local";
import { BaseRetriever, MetadataMode, RetrieverQueryEngine, Settings } from "llamaindex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addToIndex, type IndexHandle, openIndex, type SearchResult } from "./index.ts";
import { IndexRetriever } from "./langchain.ts";
import { IndexRetriever as LlamaIndexRetriever } from "./llamaindex.ts";

const question = "What does E4031 mean?";
const records = [
  { id: "e1", product: "router", text: "E4031: the firmware was cut short. Load it once more." },
  { id: "e2", product: "switch", text: "E4031: the fan stands still." },
  { id: "light", product: "router", text: "A red light says that there is no line." },
  { id: "heat", product: "router", text: "Errors are told by codes of four digits, which mean many things." },
  { id: "bees", product: "hive", text: "Bees make honey from nectar." },
];

let server: Awaited<ReturnType<typeof startLocalServer>>;
let folder: string;
let client: TogetherClient;
let index: IndexHandle;
let hybrid: SearchResult[];
beforeAll(async () => {
  server = await startLocalServer({ port: 0 });
  client = new TogetherClient({ apiKey: "none-needed", baseURL: server.url });
  folder = await mkdtemp(join(tmpdir(), "ingest-retrievers-"));
  const paths = join(folder, "notes.jsonl");
  await writeFile(paths, records.map((record) => JSON.stringify(record)).join("\n"));
  const to = join(folder, "index");
  await addToIndex({ paths, to, model: "small", client });
  index = await openIndex({ to });
  hybrid = await index.search(question, { client, hybrid: true, top: 5 });
}, 120_000);
afterAll(async () => {
  await index.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const idsOf = (metadata: Record<string, unknown>[]) => metadata.map(({ id }) => id);

describe("in LangChain", () => {
  test("a retriever gives what a hybrid search gives, with ids, ranks and scores", async () => {
    const retriever = new IndexRetriever({ index, client, hybrid: true, top: 5, tags: ["notes"] });
    expect(retriever).toBeInstanceOf(LangChainRetriever);
    expect(retriever.tags).toEqual(["notes"]);
    const found = await retriever.invoke(question);
    expect(found).toMatchObject(
      hybrid.map(({ id, text, metadata, ...scores }) => ({
        ...{ id, pageContent: text },
        metadata: { ...metadata, ...scores },
      })),
    );
    // By words alone the two that have the code are found.
    const byWords = found.filter(({ metadata }) => metadata.textRank !== null);
    expect(idsOf(byWords.map(({ metadata }) => metadata))).toEqual(expect.arrayContaining(["e1", "e2"]));
    const plain = await new IndexRetriever({ index, client, top: 2 }).invoke(question);
    expect(plain).toHaveLength(2);
    expect(plain[0]?.metadata).not.toHaveProperty("textRank");
  });

  test("filter, path and a reranker of the search's own hold", async () => {
    const options = { index, client, hybrid: true };
    const router = new IndexRetriever({
      ...options,
      filter: { product: "router" },
      rerankModel: "r",
      top: 2,
    });
    const found = await router.invoke(question);
    expect(found[0]?.metadata).toMatchObject({ id: "e1", relevanceScore: expect.any(Number) });
    expect(found.map(({ metadata }) => metadata.product)).toEqual(["router", "router"]);
    expect(await new IndexRetriever({ ...options, path: "elsewhere/" }).invoke(question)).toEqual([]);
  });

  test("a chain retrieves, reranks and answers through ContextualCompressionRetriever", async () => {
    const retriever = new ContextualCompressionRetriever({
      baseRetriever: new IndexRetriever({ index, client, hybrid: true, filter: { product: "router" } }),
      baseCompressor: new TogetherReranker({ client, model: "r", topN: 1 }),
    });
    const contexts: string[] = [];
    const join = (found: DocumentInterface[]) => {
      contexts.push(...found.map(({ pageContent }) => pageContent));
      return contexts.join("\n");
    };
    const chain = RunnableSequence.from([
      { context: retriever.pipe(join), question: new RunnablePassthrough() },
      ChatPromptTemplate.fromTemplate("{context}\n\n{question}"),
      new FakeListChatModel({ responses: ["The firmware was cut short."] }),
      new StringOutputParser(),
    ]);
    expect(await chain.invoke(question)).toBe("The firmware was cut short.");
    expect(contexts).toEqual([records[0]?.text]);
  });

  test("an option that does not fit is refused by its name, and the signal of the run around it ends a search", async () => {
    const odd = new IndexRetriever({ index, client, candidates: 9 });
    await expect(odd.invoke(question)).rejects.toMatchObject({ kind: "usage", message: /`candidates`/ });
    AsyncLocalStorageProviderSingleton.initializeGlobalInstance(new AsyncLocalStorage());
    const retriever = new IndexRetriever({ index, client });
    const stop = new AbortController();
    const reason = new Error("The user left");
    const searches: Promise<unknown>[] = [];
    const leaves = RunnableLambda.from((asked: string) => {
      stop.abort(reason);
      searches.push(retriever.invoke(asked));
      return searches[0];
    });
    await expect(leaves.invoke(question, { signal: stop.signal })).rejects.toThrow();
    await expect(searches[0]).rejects.toBe(reason);
    const inside = RunnableLambda.from((asked: string) => retriever.invoke(asked));
    expect(await inside.invoke(question)).toHaveLength(5);
  });

  test("neither the client nor its key stands in what is printed or traced", () => {
    const retriever = new IndexRetriever({ index, client });
    expect(JSON.stringify(retriever)).not.toMatch(/none-needed|client/);
  });
});

describe("in LlamaIndex", () => {
  test("a retriever gives what a hybrid search gives, with the fused score; models read the text and its source", async () => {
    const retriever = new LlamaIndexRetriever({ index, client, hybrid: true, top: 5 });
    expect(retriever).toBeInstanceOf(BaseRetriever);
    const found = await retriever.retrieve({ query: question });
    expect(found.map(({ node, score }) => [node.id_, score])).toEqual(
      hybrid.map(({ id, fusedScore }) => [id, fusedScore]),
    );
    const [first] = found;
    expect(first?.node.metadata).toMatchObject({ textRank: hybrid[0]?.textRank });
    expect(first?.node.getContent(MetadataMode.EMBED)).toBe(hybrid[0]?.text);
    expect(first?.node.getContent(MetadataMode.LLM)).toMatch(/^id: .*\nproduct: .*\nsource: notes\.jsonl#/);
    const [nearest] = await new LlamaIndexRetriever({ index, client }).retrieve(question);
    expect(nearest?.score).toBe(nearest?.node.metadata.similarity);
  });

  test("a query engine retrieves with a filter, reranks and answers", async () => {
    Settings.llm = new OpenAI({ model: "chat", apiKey: "none-needed", baseURL: server.url });
    const retriever = new LlamaIndexRetriever({ index, client, hybrid: true, filter: { product: "router" } });
    const reranker = new LlamaIndexReranker({ client, model: "r", topN: 1 });
    const engine = new RetrieverQueryEngine(retriever, undefined, [reranker]);
    const answer = await engine.query({ query: question });
    expect(String(answer)).toContain("the firmware was cut short");
    expect(answer.sourceNodes?.map(({ node }) => node.metadata.id)).toEqual(["e1"]);
  });

  test("a query without a text is refused", async () => {
    const image = { type: "image_url" as const, image_url: { url: "data:image/png;base64,AA==" } };
    const retriever = new LlamaIndexRetriever({ index, client });
    await expect(retriever.retrieve({ query: [image] })).rejects.toThrow("Expected `query` to be");
  });
});
