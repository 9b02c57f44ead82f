/** documents and questions -> an index; for each question what both frameworks find in it, and an answer */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import { MetadataMode } from "@llamaindex/core/schema";
import * as LlamaIndexStore from "@llamaindex/postgres";
import { TogetherError } from "@together-retrieval/core";
import { addToIndex, type IndexHandle, IngestError, openIndex } from "@together-retrieval/ingest";
import * as LangChain from "@together-retrieval/langchain";
import * as LlamaIndex from "@together-retrieval/llamaindex";
import { Settings, VectorStoreIndex } from "llamaindex";
import pg from "pg";
import Together from "together-ai";
import { answerFrom } from "./answer.ts";
import type { DemoOptions } from "./arguments.ts";
import { agree, bestCount, candidateCount, type Findings, fromDocument, fromNode } from "./finding.ts";
import { copyInstalled } from "./installed.ts";
import { printAdded, printAnswer, printMoves, printService, printTables, printTotals } from "./print.ts";
import { showProgress } from "./progress.ts";
import { headingsOf, questionsOnInstalled } from "./questions.ts";
import { openService, type Service } from "./service.ts";

export async function demo({ docs, ask, details, live }: DemoOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "together-demo-"));
  const service = await openService(live);
  printService(service);
  try {
    const paths = docs ?? (await copyInstalled(join(folder, "docs")));
    const to = join(folder, "index"); // or postgres://…
    await add(paths, to, service);
    const index = await openIndex({ to });
    const pool = new pg.Pool(index.connection);
    try {
      const questions = ask ?? (docs === undefined ? questionsOnInstalled : await headingsOf(index));
      await answerAll(questions, { index, pool, details }, service);
    } finally {
      await pool.end();
      await index.close();
    }
  } finally {
    await service.close();
    await rm(folder, { recursive: true });
  }
}

async function add(paths: string, to: string, { client, embeddingModel: model }: Service): Promise<void> {
  const progress = showProgress();
  // Short chunks can be read on a screen, and 120 tokens by ingest's estimate are never more than the small model reads.
  const options = { paths, to, model, client, chunkSize: 120, chunkOverlap: 0 };
  const summary = await addToIndex({ ...options, onProgress: progress.update }).finally(progress.stop);
  const [unreadable] = summary.unreadable;
  if (summary.chunks === 0)
    throw new IngestError("source", unreadable?.reason ?? `${paths} holds no text to answer from`);
  printAdded(summary);
}

interface Opened {
  index: IndexHandle;
  pool: pg.Pool;
  details: boolean;
}

async function answerAll(questions: string[], opened: Opened, service: Service): Promise<void> {
  let chatTokens = 0;
  for (const [at, question] of questions.entries()) {
    console.log(`\nQuestion ${at + 1} of ${questions.length}: ${question}`);
    const langChain = await searchWithLangChain(question, opened, service);
    const llamaIndex = await searchWithLlamaIndex(question, opened, service);
    if (!agree(langChain, llamaIndex)) process.exitCode = 1;
    const answer = await answerFrom(question, langChain.best, service);
    chatTokens += answer?.tokens ?? 0;
    printAnswer(answer);
    printMoves(langChain, llamaIndex);
    if (opened.details) printTables(langChain, llamaIndex);
  }
  printTotals(service.client.usage, {
    requests: service.chatModel ? questions.length : 0,
    tokens: chatTokens,
  });
}

/** LangChain's store over the index's table, and our reranker as a document compressor. */
async function searchWithLangChain(
  question: string,
  { index, pool }: Opened,
  service: Service,
): Promise<Findings> {
  const { client, rerankModel } = service;
  const { model, profile, schemaName, tableName, columns } = index;
  const embeddings = new LangChain.TogetherEmbeddings({ client, model, profile });
  const store = new PGVectorStore(embeddings, { pool, schemaName, tableName, columns });
  const reranker = new LangChain.TogetherReranker({ client, model: rerankModel, topN: bestCount });
  const found = await store.similaritySearchWithScore(question, candidateCount);
  const ranked = await reranker.compressDocuments(
    found.map(([document]) => document),
    question,
  );
  return {
    // The store returns cosine distances, so the cosine is 1 minus the distance.
    candidates: found.map(([document, distance]) => fromDocument(document, 1 - distance)),
    best: ranked.map((document) => fromDocument(document, document.metadata.relevanceScore)),
  };
}

/** LlamaIndex's retriever over the same table, and our reranker as a node postprocessor. */
async function searchWithLlamaIndex(
  question: string,
  { index, pool }: Opened,
  service: Service,
): Promise<Findings> {
  const { client, rerankModel } = service;
  const { model, profile, schemaName, tableName } = index;
  const embedModel = new LlamaIndex.TogetherEmbeddings({ client, model, profile });
  // LangChain ranks only a document's text, so LlamaIndex must not put metadata before it here.
  const ranking = { model: rerankModel, topN: bestCount, metadataMode: MetadataMode.NONE };
  const reranker = new LlamaIndex.TogetherReranker({ client, ...ranking });
  const connection = await pool.connect();
  try {
    // The table exists already, and has no column for collections.
    const names = { schemaName, tableName, performSetup: false };
    const store = new LlamaIndexStore.PGVectorStore({
      client: connection,
      shouldConnect: false,
      ...names,
      embedModel,
    });
    store.setCollection("");
    const vectors = await Settings.withEmbedModel(embedModel, () => VectorStoreIndex.fromVectorStore(store));
    const found = await vectors.asRetriever({ similarityTopK: candidateCount }).retrieve(question);
    const ranked = await reranker.postprocessNodes(found, question);
    return { candidates: found.map(fromNode), best: ranked.map(fromNode) };
  } finally {
    connection.release();
  }
}

/** Errors that the user can fix: refusals by the API, such as those of a key or a model, and files that cannot be read. Any other error is a defect. */
export function isUsersToMend(error: unknown): error is Error {
  return error instanceof IngestError || TogetherError.is(error) || error instanceof Together.APIError;
}
