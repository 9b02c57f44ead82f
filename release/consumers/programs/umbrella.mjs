/** The LlamaIndex adapter in an application that installed `llamaindex`: its classes are the ones we extend. */
import { TogetherEmbeddings, TogetherReranker } from "@together-retrieval/llamaindex";
import { BaseEmbedding, Document, Settings, VectorStoreIndex } from "llamaindex";
import { apiKey, model, notes, question } from "./notes.mjs";
import { same } from "./same.mjs";

export async function check(baseURL) {
  const embeddings = new TogetherEmbeddings({ apiKey, baseURL, model });
  same("embeddings instanceof BaseEmbedding", embeddings instanceof BaseEmbedding, true);
  Settings.embedModel = embeddings;

  const index = await VectorStoreIndex.fromDocuments(notes.map((text) => new Document({ text })));
  const near = await index.asRetriever({ similarityTopK: 3 }).retrieve({ query: question });
  const reranker = new TogetherReranker({ apiKey, baseURL, model, topN: 1 });
  const [best] = await reranker.postprocessNodes(near, question);
  same("the best node", [near.length, best.node.text], [3, notes[0]]);
}
