/** An index that `together-ingest add` wrote and a question -> the nearest chunks, and the best of a hybrid search by the reranker, with LlamaIndex. */
import { PGVectorStore } from "@llamaindex/postgres";
import { openIndex } from "@together-retrieval/ingest";
import { IndexRetriever } from "@together-retrieval/ingest/llamaindex";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/llamaindex";
import { Settings, VectorStoreIndex } from "llamaindex";
import pg from "pg";

const [to, rerankModel, question] = process.argv.slice(2);
if (!to || !rerankModel || !question) {
  console.error("Usage: ingest-llamaindex.ts INDEX RERANK_MODEL QUESTION");
  process.exit(1);
}
const client = new TogetherClient(); // shared: one rate limit, one count of tokens
const reranker = new TogetherReranker({ client, model: rerankModel, topN: 3 });
const index = await openIndex({ to }); // a folder, or postgres://…
Settings.embedModel = new TogetherEmbeddings({ client, model: index.model, profile: index.profile });
const connection = new pg.Client(index.connection);
await connection.connect();
try {
  const { schemaName, tableName } = index; // the tables are there: no set-up, and no collections
  const names = { schemaName, tableName, performSetup: false };
  const vectorStore = new PGVectorStore({ client: connection, shouldConnect: false, ...names });
  vectorStore.setCollection("");
  const store = await VectorStoreIndex.fromVectorStore(vectorStore);
  const near = await store.asRetriever({ similarityTopK: 3 }).retrieve(question);
  const hybrid = new IndexRetriever({ index, client, hybrid: true, top: 20 }); // by vector and by words
  const show = (what: string, nodes: typeof near) => {
    for (const { node, score = 0 } of nodes)
      console.log(`${what} ${score.toFixed(3)}  ${node.metadata.source}:${node.metadata.loc?.lines.from}`);
  };
  show("cosine   ", near);
  show("relevance", await reranker.postprocessNodes(await hybrid.retrieve(question), question));
} finally {
  await connection.end();
  await index.close();
}
