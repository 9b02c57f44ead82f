import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Document } from "@langchain/core/documents";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { RunCollectorCallbackHandler } from "@langchain/core/tracers/run_collector";
// Importing LangGraph lets LangChain keep the running config in async storage.
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { type Answer, refuse } from "@together-retrieval/test-server/answers";
import { serve } from "@together-retrieval/test-server/by-words";
import { expect, test } from "vitest";
import { z } from "zod";
import { TogetherEmbeddings, TogetherReranker } from "./index.ts";

const query = "capital of France";
const documents = ["Whales", "Paris is the capital of France"].map(
  (pageContent, at) => new Document({ pageContent, metadata: { at } }),
);

async function start(behaviour?: Answer) {
  const { baseURL } = await serve(behaviour);
  const options = { apiKey: "a-key-that-must-not-show", baseURL, model: "ranker", maxRetries: 0 };
  return {
    options,
    reranker: new TogetherReranker({ ...options, topN: 1 }),
    runs: new RunCollectorCallbackHandler(),
  };
}

type Run = RunCollectorCallbackHandler["tracedRuns"][number];

function childrenOf(run: Run | undefined): Run[] {
  return run?.child_runs ?? [];
}

function expectRerankRun(run: Run | undefined): void {
  expect(run).toMatchObject({
    name: "TogetherReranker",
    run_type: "retriever",
    inputs: { query },
    outputs: { documents: [{ metadata: { at: 1, relevanceScore: 1 } }] },
    extra: { metadata: { model: "ranker", documents: 2, topN: 1 } },
  });
  expect(JSON.stringify(run?.serialized)).not.toContain("must-not-show");
}

test("the reranker's run stands under the retriever's, with query, counts and scores", async () => {
  const { options, reranker, runs } = await start();
  const store = await MemoryVectorStore.fromDocuments(documents, new TogetherEmbeddings(options));
  const retriever = new ContextualCompressionRetriever({
    baseRetriever: store.asRetriever(2),
    baseCompressor: reranker,
  });
  await retriever.invoke(query, { callbacks: [runs] });
  expect(runs.tracedRuns).toHaveLength(1);
  expect(childrenOf(runs.tracedRuns[0]).map(({ name }) => name)).toEqual([
    "VectorStoreRetriever",
    "TogetherReranker",
  ]);
  expectRerankRun(childrenOf(runs.tracedRuns[0])[1]);
});

test("callbacks of a call alone make it a run of its own", async () => {
  const { reranker, runs } = await start();
  await reranker.compressDocuments(documents, query, [runs]);
  expectRerankRun(runs.tracedRuns[0]);
});

type Work = () => Promise<unknown>;
type Config = { callbacks: RunCollectorCallbackHandler[] };

test.each<[string, (work: Work, config: Config) => Promise<unknown>]>([
  ["a RunnableLambda", (work, config) => RunnableLambda.from(work).invoke("in", config)],
  [
    "a tool",
    (work, config) =>
      tool(work, { name: "search", description: "Searches", schema: z.object({}) }).invoke({}, config),
  ],
  [
    "a LangGraph node",
    (work, config) =>
      new StateGraph(Annotation.Root({ answer: Annotation<unknown> }))
        .addNode("search", async () => ({ answer: await work() }))
        .addEdge(START, "search")
        .addEdge("search", END)
        .compile()
        .invoke({}, config),
  ],
])("without callbacks it stands under the run around it, in %s", async (_, run) => {
  const { reranker, runs } = await start();
  await run(() => reranker.compressDocuments(documents, query), { callbacks: [runs] });
  expect(runs.tracedRuns).toHaveLength(1);
  const isOurs = ({ name }: Run) => name === "TogetherReranker";
  const below = (run: Run | undefined): Run[] => childrenOf(run).flatMap((child) => [child, ...below(child)]);
  expectRerankRun(below(runs.tracedRuns[0]).find(isOurs));
});

test("the topN of a call is the one in the trace", async () => {
  const { reranker, runs } = await start();
  await reranker.compressDocuments(documents, query, [runs], { topN: 2 });
  expect(runs.tracedRuns[0]?.extra?.metadata).toMatchObject({ topN: 2 });
  expect(runs.tracedRuns[0]?.outputs?.documents).toHaveLength(2);
});

test("a failure ends the run with its error", async () => {
  const { reranker, runs } = await start(refuse(404));
  await expect(reranker.compressDocuments(documents, query, [runs])).rejects.toMatchObject({ status: 404 });
  expect(runs.tracedRuns[0]?.error).toContain("404");
});
