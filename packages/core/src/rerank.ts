/** documents -> requests -> merged, ordered scores */
import { runTogether } from "./abort.ts";
import type { Api } from "./api.ts";
import { byteLength, MAX_BATCH_BYTES } from "./batch.ts";
import { describeType, expected, isRecord } from "./check.ts";
import { decodeRanking } from "./decode.ts";
import { reworded } from "./errors.ts";
import { Halving } from "./halving.ts";
import type { ResolvedRerankOptions } from "./options.ts";
import { takesStringsOnly } from "./profiles.ts";

/** A document that a reranker can score: its text, or an object whose fields are ranked. */
export type RerankDocument = string | Readonly<Record<string, unknown>>;

/** One document with its score. */
export interface RerankResult<Document = RerankDocument> {
  /** The document's index in the caller's array. */
  index: number;
  /** What the model gave: no range is promised (0 to 1 for some models, logits for others). */
  relevanceScore: number;
  /** The caller's own document. */
  document: Document;
}

/** Best first; ties in input order. */
export async function rerank<Document extends RerankDocument>(
  api: Api,
  query: string,
  documents: readonly Document[],
  options: ResolvedRerankOptions,
): Promise<RerankResult<Document>[]> {
  const checked = checkInput(query, documents, options);
  options.signal?.throwIfAborted();
  const scores = await scoreAll(api, query, checked, options);
  const { scoreThreshold = Number.NEGATIVE_INFINITY, topN } = options;
  return checked
    .map((document, index) => ({ index, relevanceScore: scores[index] as number, document }))
    .filter(({ relevanceScore }) => relevanceScore >= scoreThreshold)
    .sort((a, b) => b.relevanceScore - a.relevanceScore || a.index - b.index)
    .slice(0, topN);
}

/** A copy of the documents. @throws TypeError naming the argument or the index */
function checkInput<Document extends RerankDocument>(
  query: string,
  documents: readonly Document[],
  { model, rankFields }: ResolvedRerankOptions,
): Document[] {
  if (typeof query !== "string") throw expected("query", "a non-empty string", describeType(query));
  if (!Array.isArray(documents)) throw expected("documents", "an array", describeType(documents));
  if (query.trim() === "" && documents.length > 0)
    throw expected("query", "a non-empty string", "a blank one");
  const asObjects = rankFields !== undefined || isRecord(documents[0]);
  if (asObjects && takesStringsOnly(model)) {
    throw expected("documents", `an array of strings, which are all that ${model} takes`, "objects");
  }
  const what = asObjects
    ? "an object, as `rankFields` or the first document asks"
    : "a string, like the first document";
  return Array.from(documents, (document: unknown, index) => {
    if (asObjects ? isRecord(document) : typeof document === "string") return document as Document;
    throw expected(
      `documents[${index}]`,
      index === 0 && !asObjects ? "a string or an object" : what,
      describeType(document),
    );
  });
}

/** Score i is document i's. Requests of `batchSize` documents travel at once. */
async function scoreAll(
  api: Api,
  query: string,
  documents: readonly RerankDocument[],
  options: ResolvedRerankOptions,
): Promise<number[]> {
  const scores = new Array<number>(documents.length);
  const sizes = documents.map(sizeOf);
  const size = (index: number) => sizes[index] ?? 0;
  const send = async (indices: number[], signal: AbortSignal) => {
    const part = indices.map((index) => documents[index] as RerankDocument);
    const request = rerankRequest(query, part, options);
    const answer = await api.send(request, signal);
    const { items, promptTokens } = decodeRanking(answer, part.length);
    api.countTokens("rerank", request, promptTokens);
    for (const [at, index] of indices.entries()) scores[index] = items[at] as number;
  };
  const halving = new Halving<number>({
    size,
    send,
    mayBeOneItem: ({ status }) => status === 413,
    refuse: (index, error) => {
      throw reworded(error, `Document ${index} was refused. ${error.message}`, { inputIndex: index });
    },
  });
  const chunks = chunk(documents.length, options.batchSize, size);
  await runTogether(chunks, options.signal, (indices, signal) => halving.run(indices, signal));
  return scores;
}

/** Bytes in a body. @throws TypeError naming a document that cannot stand in one */
function sizeOf(document: RerankDocument, index: number): number {
  try {
    return byteLength(document);
  } catch {
    throw expected(`documents[${index}]`, "an object that JSON can hold", "one that it cannot");
  }
}

function rerankRequest(
  query: string,
  documents: RerankDocument[],
  { model, rankFields }: ResolvedRerankOptions,
) {
  // The caller has the documents already: asking for them back would only cost time.
  const body = { model, query, documents, return_documents: false };
  return {
    path: "/rerank" as const,
    body: rankFields ? { ...body, rank_fields: rankFields } : body,
    texts: [query, ...documents.flatMap(textsOf)],
  };
}

/** All texts of a document, however deep they stand in it. */
function textsOf(document: unknown): string[] {
  if (typeof document === "string") return [document];
  return typeof document === "object" && document !== null ? Object.values(document).flatMap(textsOf) : [];
}

/** Input order is kept: a reranker scores each pair by itself, padding is between pairs of one request. */
function chunk(count: number, batchSize: number, size: (index: number) => number): number[][] {
  const chunks: number[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (let index = 0; index < count; index++) {
    const last = chunks.at(-1);
    bytes += size(index);
    if (last && last.length < batchSize && bytes <= MAX_BATCH_BYTES) {
      last.push(index);
    } else {
      chunks.push([index]);
      bytes = size(index);
    }
  }
  return chunks;
}
