/** The embeddings inside LangChain's stores: in memory, behind a cache, and in a real Postgres with pgvector. */
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { CacheBackedEmbeddings } from "@langchain/classic/embeddings/cache_backed";
import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import { Document } from "@langchain/core/documents";
import { InMemoryStore } from "@langchain/core/stores";
import { serve } from "@together-retrieval/test-server/by-words";
import { expect, onTestFinished, test, vi } from "vitest";
import { TogetherEmbeddings, TogetherReranker } from "./index.ts";

// The engine takes seconds to start, and longer on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const texts = ["Whales live in the sea", "Bread is flour and water", "Paris is the capital of France"];
const documents = texts.map((pageContent, at) => new Document({ pageContent, metadata: { at } }));

async function startEmbeddings() {
  const server = await serve();
  const options = { apiKey: "test-key", baseURL: server.baseURL, model: "embedder" };
  return { server, options, embeddings: new TogetherEmbeddings(options) };
}

test("MemoryVectorStore finds by meaning what it was given in one request", async () => {
  const { server, embeddings } = await startEmbeddings();
  const store = await MemoryVectorStore.fromDocuments(documents, embeddings);
  const [best] = await store.similaritySearch("the capital of France", 1);
  expect(best?.metadata).toEqual({ at: 2 });
  expect(server.requests).toHaveLength(2);
});

test("CacheBackedEmbeddings asks once for each text of a model, in any instance", async () => {
  const { server, options } = await startEmbeddings();
  const cache = new InMemoryStore<Uint8Array>();
  const cached = (model: string) => {
    const embeddings = new TogetherEmbeddings({ ...options, model });
    return CacheBackedEmbeddings.fromBytesStore(embeddings, cache, { namespace: embeddings.model });
  };
  const vectors = await cached("one").embedDocuments(texts);
  expect(await cached("one").embedDocuments([...texts].reverse())).toEqual([...vectors].reverse());
  expect(server.requests).toHaveLength(1);
  await cached("two").embedDocuments(texts);
  expect(server.requests).toHaveLength(2);
});

test("PGVectorStore keeps vectors in Postgres, and the reranker orders what it finds", async () => {
  const { options, embeddings } = await startEmbeddings();
  const store = await PGVectorStore.initialize(embeddings, {
    postgresConnectionOptions: await startPostgres(),
    tableName: "facts",
    dimensions: 64,
    distanceStrategy: "cosine",
  });
  onTestFinished(() => store.end());
  await store.addDocuments(documents);
  const retriever = new ContextualCompressionRetriever({
    baseRetriever: store.asRetriever(2),
    baseCompressor: new TogetherReranker({ ...options, topN: 1 }),
  });

  const [best] = await retriever.invoke("the capital of France");

  expect(best?.pageContent).toBe("Paris is the capital of France");
  expect(best?.metadata).toEqual({ at: 2, relevanceScore: 1 });
  expect(best?.id).toMatch(/^[0-9a-f-]{36}$/);
});

/** Postgres with pgvector inside this process, behind a real socket. With a single connection the store would wait for itself. */
async function startPostgres() {
  const engine = await PGlite.create({ extensions: { vector } });
  const server = new PGLiteSocketServer({ db: engine, host: "127.0.0.1", port: 0, maxConnections: 10 });
  await server.start();
  onTestFinished(async () => {
    await server.stop();
    await engine.close();
  });
  const [host = "127.0.0.1", port] = server.getServerConn().split(":");
  return { host, port: Number(port), user: "postgres", password: "", database: "postgres", max: 10 };
}
