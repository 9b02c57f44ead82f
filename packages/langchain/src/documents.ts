/** LangChain documents -> the documents of a request; a document and its score -> a new document. */
import { Document, type DocumentInterface } from "@langchain/core/documents";
import type { RerankDocument } from "@together-retrieval/core";
import { describeType, expected } from "@together-retrieval/core/adapter";

/**
 * A LangChain document is sent as its text. With `rankFields` those fields are sent, from its metadata or from the document
 * itself (`pageContent` is its text). Strings and other objects are sent unchanged. The core refuses anything but an array.
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

/** The core refuses anything but an array. @throws TypeError with the index of the first item that is not a LangChain document */
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
 * A copy of the document with the score in a new metadata object. The caller's document may be frozen or shared, so it is
 * not changed. The copy keeps the class and every own field; a plain object becomes a Document.
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
