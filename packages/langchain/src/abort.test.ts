/** Signals, by call and from the run around it, inside the parts of LangChain that carry one. */
import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Document } from "@langchain/core/documents";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
// Importing LangGraph lets LangChain keep the running config in async storage.
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { silence } from "@together-retrieval/test-server/answers";
import { byWords, serve } from "@together-retrieval/test-server/by-words";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { TogetherEmbeddings, TogetherReranker } from "./index.ts";

const reason = new Error("the user left");
const documents = ["one", "two"].map((pageContent) => new Document({ pageContent }));

async function startSilent() {
  const server = await serve(silence);
  const options = { apiKey: "test-key", baseURL: server.baseURL, model: "m" };
  return { server, embeddings: new TogetherEmbeddings(options), reranker: new TogetherReranker(options) };
}
type Parts = Awaited<ReturnType<typeof startSilent>>;

/** Every way into the adapters, without and with a signal of its own. */
const doors: [string, (parts: Parts, signal?: AbortSignal) => Promise<unknown>][] = [
  ["embedQuery", ({ embeddings }, signal) => embeddings.embedQuery("q", signal && { signal })],
  ["embedDocuments", ({ embeddings }, signal) => embeddings.embedDocuments(["a"], signal && { signal })],
  ["rerank", ({ reranker }, signal) => reranker.rerank(["a"], "q", signal && { signal })],
  [
    "compressDocuments",
    ({ reranker }, signal) => reranker.compressDocuments(documents, "q", undefined, signal && { signal }),
  ],
];

describe.each(doors)("%s", (_, call) => {
  test("rejects with the reason of its signal, and the request ends", async () => {
    const parts = await startSilent();
    const controller = new AbortController();
    const outcome = call(parts, controller.signal).catch((error: unknown) => error);
    await parts.server.arrived(1);
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    await parts.server.givenUp(1);
  });

  test("rejects with an AbortError when no reason was given, and starts nothing", async () => {
    const parts = await startSilent();
    await expect(call(parts, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    expect(parts.server.requests).toHaveLength(0);
  });

  test.each(runs())("ends with the signal of the run around it, in %s", async (_, run) => {
    const parts = await startSilent();
    const controller = new AbortController();
    let outcome: Promise<unknown> = Promise.resolve();
    const work = () => {
      outcome = call(parts).catch((error: unknown) => error);
      return outcome;
    };
    const running = run(work, { signal: controller.signal }).catch(() => {});
    await parts.server.arrived(1);
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    await parts.server.givenUp(1);
    await running;
  });

  test("goes by its own signal where the run around it has another", async () => {
    const parts = await startSilent();
    const own = new AbortController();
    const lambda = RunnableLambda.from(() => call(parts, own.signal).catch((error: unknown) => error));
    const outcome = lambda.invoke("in", { signal: new AbortController().signal });
    await parts.server.arrived(1);
    own.abort(reason);
    expect(await outcome).toBe(reason);
  });
});

type Work = () => Promise<unknown>;
type Run = (work: Work, config: { signal: AbortSignal }) => Promise<unknown>;

function runs(): [string, Run][] {
  const State = Annotation.Root({ answer: Annotation<unknown> });
  return [
    ["a RunnableLambda", (work, config) => RunnableLambda.from(work).invoke("in", config)],
    [
      "a tool",
      (work, config) =>
        tool(work, { name: "search", description: "Searches", schema: z.object({}) }).invoke({}, config),
    ],
    [
      "a LangGraph node",
      (work, config) =>
        new StateGraph(State)
          .addNode("search", async () => ({ answer: await work() }))
          .addEdge(START, "search")
          .addEdge("search", END)
          .compile()
          .invoke({}, config),
    ],
  ];
}

test("the time limit of a run ends the request inside it", async () => {
  const { server, embeddings } = await startSilent();
  let outcome: unknown;
  const lambda = RunnableLambda.from(() =>
    embeddings.embedQuery("q").catch((error: unknown) => {
      outcome = error;
    }),
  );
  await lambda.invoke("in", { timeout: 50 }).catch(() => {});
  await server.givenUp(1);
  expect(outcome).toMatchObject({ name: "TimeoutError" });
});

test("a retriever ignores signals, but the run around it ends query and reranking all the same", async () => {
  const server = await serve((request, reply) =>
    (request.path.endsWith("/rerank") ? silence : byWords)(request, reply),
  );
  const options = { apiKey: "test-key", baseURL: server.baseURL, model: "m" };
  const store = await MemoryVectorStore.fromDocuments(documents, new TogetherEmbeddings(options));
  const retriever = new ContextualCompressionRetriever({
    baseRetriever: store.asRetriever(),
    baseCompressor: new TogetherReranker(options),
  });
  const controller = new AbortController();
  let outcome: Promise<unknown> = Promise.resolve();
  const running = RunnableLambda.from(() => {
    outcome = retriever.invoke("q").catch((error: unknown) => error);
    return outcome;
  })
    .invoke("in", { signal: controller.signal })
    .catch(() => {});
  await server.arrived(3);
  controller.abort(reason);
  expect(await outcome).toBe(reason);
  await server.givenUp(1);
  await running;
});
