/** LangChain documents -> what travels; a document and its score -> a new document. */
import { Document, type DocumentInterface } from "@langchain/core/documents";
import type { RerankDocument } from "@together-retrieval/core";
import { describeType, expected } from "@together-retrieval/core/adapter";

/**
 * A LangChain document travels as its text; with `rankFields`, as those fields of its metadata or its own, its text
 * being `pageContent`. Strings and other objects travel as they are. What is no array is the core's to refuse.
 */
export function toRankable(documents: unknown, rankFields: readonly string[] | undefined): RerankDocument[] {
  if (!Array.isArray(documents)) return documents as RerankDocument[];
  return documents.map((document: unknown) => {
    if (!isDocument(document)) return document as RerankDocument;
    const { pageContent, metadata } = document;
    if (!rankFields) return pageContent;
    const fields: Record<string, unknown> = { ...document, ...metadata, pageContent };
    return Object.fromEntries(rankFields.map((name) => [name, fields[name]]));
  });
}

/** @throws TypeError naming the index of what is no LangChain document. What is no array is the core's to refuse. */
export function checkDocuments(documents: unknown): void {
  if (!Array.isArray(documents)) return;
  const at = documents.findIndex((document: unknown) => !isDocument(document));
  if (at < 0) return;
  const what = "a LangChain document; `rerank(documents, query)` takes strings and plain objects";
  throw expected(`documents[${at}]`, what, describeType(documents[at]));
}

/** Not `instanceof`: documents also come from other copies of LangChain, and as plain objects. */
function isDocument(value: unknown): value is DocumentInterface {
  return typeof value === "object" && value !== null && "pageContent" in value;
}

/**
 * A copy with the score in a metadata object of its own: nothing is written to the caller's, which may be frozen or
 * shared. It keeps the document's class and every own field; a plain object becomes a Document.
 */
export function withScore<Ranked extends DocumentInterface>(
  document: Ranked,
  scoreKey: string,
  relevanceScore: number,
): Ranked {
  const metadata = { ...document.metadata, [scoreKey]: relevanceScore };
  const prototype: unknown = Object.getPrototypeOf(document);
  const isPlain = prototype === Object.prototype || prototype === null;
  const fields = Object.getOwnPropertyDescriptors({ ...document, metadata });
  // The prototype and the fields are those of `Ranked`.
  return Object.create(isPlain ? Document.prototype : (prototype as object), fields) as Ranked;
}
