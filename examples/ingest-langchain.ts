/** An index that `together-ingest add` wrote and a question -> the nearest chunks, and the best of a hybrid search by the reranker, with LangChain. */
import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import { openIndex } from "@together-retrieval/ingest";
import { IndexRetriever } from "@together-retrieval/ingest/langchain";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/langchain";
import pg from "pg";

const [to, rerankModel, question] = process.argv.slice(2);
if (!to || !rerankModel || !question) {
  console.error("Usage: ingest-langchain.ts INDEX RERANK_MODEL QUESTION");
  process.exit(1);
}
const client = new TogetherClient(); // shared: one rate limit, one count of tokens
const index = await openIndex({ to }); // a folder, or postgres://…
const pool = new pg.Pool(index.connection);
try {
  const { model, profile, schemaName, tableName, columns } = index;
  const embeddings = new TogetherEmbeddings({ client, model, profile });
  const store = new PGVectorStore(embeddings, { pool, schemaName, tableName, columns });
  for (const [{ metadata }, distance] of await store.similaritySearchWithScore(question, 3)) {
    console.log(`cosine    ${(1 - distance).toFixed(3)}  ${metadata.source}:${metadata.loc?.lines.from}`);
  }
  const retriever = new ContextualCompressionRetriever({
    baseRetriever: new IndexRetriever({ index, client, hybrid: true, top: 20 }), // by vector and by words
    baseCompressor: new TogetherReranker({ client, model: rerankModel, topN: 3 }),
  });
  for (const { metadata } of await retriever.invoke(question)) {
    const { relevanceScore, source, loc } = metadata;
    console.log(`relevance ${relevanceScore.toFixed(3)}  ${source}:${loc?.lines.from}`);
  }
} finally {
  await pool.end();
  await index.close();
}
