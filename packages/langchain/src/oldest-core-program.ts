/** Uses both classes as LangChain does, and prints the results as JSON. */
import { AsyncLocalStorage } from "node:async_hooks";
import { Document } from "@langchain/core/documents";
import { Embeddings } from "@langchain/core/embeddings";
import { load } from "@langchain/core/load";
import { RunnableLambda } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { RunCollectorCallbackHandler } from "@langchain/core/tracers/run_collector";
import { TogetherEmbeddings, TogetherReranker } from "./index.ts";

AsyncLocalStorageProviderSingleton.initializeGlobalInstance(new AsyncLocalStorage());

const embeddings = new TogetherEmbeddings({
  ...{
    model: "m",
    baseURL: process.env.TOGETHER_BASE_URL,
    timeoutMs: 9_000,
    maxRetries: 0,
    maxRetryWaitMs: 1,
  },
  ...{
    maxConcurrency: 2,
    batchSize: 5,
    encodingFormat: "auto",
    normalize: true,
    longInput: "send",
    profile: false,
  },
});
const reranker = new TogetherReranker({ model: "m", topN: 1, scoreThreshold: 0, scoreKey: "relevanceScore" });
const importMap = {
  embeddings__together: { TogetherEmbeddings },
  document_compressors__together: { TogetherReranker },
};

async function survivesReload(part: object): Promise<boolean> {
  const text = JSON.stringify(part);
  const loaded = await load(text, { importMap, secretsMap: { TOGETHER_API_KEY: "test-key" } });
  return JSON.stringify(loaded) === text;
}

async function abortInsideRun(): Promise<unknown> {
  const controller = new AbortController();
  let outcome: unknown;
  const lambda = RunnableLambda.from(async () => {
    controller.abort(new Error("the user left"));
    outcome = await embeddings.embedQuery("text").catch((error: Error) => error.message);
  });
  await lambda.invoke("in", { signal: controller.signal }).catch(() => {});
  return outcome;
}

const collector = new RunCollectorCallbackHandler();
const documents = ["Whales", "capital of France"].map((pageContent) => new Document({ pageContent }));
const [best] = await reranker.compressDocuments(documents, "capital of France", [collector]);
console.log(
  JSON.stringify({
    core: import.meta.resolve("@langchain/core/embeddings"),
    isEmbeddings: embeddings instanceof Embeddings,
    dimensions: (await embeddings.embedQuery("text")).length,
    best,
    reloaded: (await survivesReload(embeddings)) && (await survivesReload(reranker)),
    runs: collector.tracedRuns.map(({ name, run_type }) => ({ name, run_type })),
    aborted: await abortInsideRun(),
  }),
);
