/** The LangChain adapter in its host: identity, both parts at work, the standard for compressors. */
import { Document } from "@langchain/core/documents";
import { Embeddings } from "@langchain/core/embeddings";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import {
  TogetherApiError,
  TogetherClient,
  TogetherEmbeddings,
  TogetherReranker,
} from "@together-retrieval/langchain";
import { compressorChecks } from "@together-retrieval/langchain/testing";
import { apiKey, model, notes, question } from "./notes.mjs";
import { rejection, same } from "./same.mjs";

export async function check(baseURL) {
  const client = new TogetherClient({ apiKey, baseURL });
  const embeddings = new TogetherEmbeddings({ client, model });
  const reranker = new TogetherReranker({ client, model, topN: 2 });
  same("embeddings instanceof Embeddings", embeddings instanceof Embeddings, true);
  same("reranker instanceof BaseDocumentCompressor", reranker instanceof BaseDocumentCompressor, true);

  const vectors = await embeddings.embedDocuments(notes);
  const query = await embeddings.embedQuery(question);
  same(
    "vectors",
    [...vectors, query].map(({ length }) => length),
    [384, 384, 384, 384],
  );

  const documents = notes.map((pageContent, line) => new Document({ pageContent, metadata: { line } }));
  const [best] = await reranker.compressDocuments(documents, question);
  same("the best document", [best.pageContent, best.metadata.line], [notes[0], 0]);
  same(
    "its class and score",
    [best instanceof Document, typeof best.metadata.relevanceScore],
    [true, "number"],
  );

  const lost = new TogetherEmbeddings({ apiKey, baseURL: `${baseURL}/nowhere`, model });
  const refused = await rejection("a wrong address", lost.embedQuery(question));
  same("the error of a wrong address", refused instanceof TogetherApiError, true);
  const create = (topN) => new TogetherReranker({ client, model, topN });
  const subject = { create, scoreKey: "relevanceScore", query: question, texts: notes };
  for (const { check: keepsPromise } of compressorChecks) await keepsPromise(subject);
}
