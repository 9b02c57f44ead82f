/** Documents -> requests -> merged and sorted scores. */
import type { Api } from "./api.ts";
import { byteLength, limitsOf, planBatches, type Sized } from "./batch.ts";
import { describeType, expected, isRecord } from "./check.ts";
import { decodeRanking } from "./decode.ts";
import { pinned } from "./errors.ts";
import { Halving } from "./halving.ts";
import { takesStringsOnly } from "./profiles.ts";
import type { ResolvedRerankOptions } from "./resolve.ts";

/** A document that a reranker can score: its text, or an object whose fields are ranked. */
export type RerankDocument = string | Readonly<Record<string, unknown>>;

/** One document with its score. */
export interface RerankResult<Document = RerankDocument> {
  /** The document's index in the caller's array. */
  index: number;
  /** The model's score. Its range depends on the model: 0 to 1 for some, logits for others. */
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
  return (
    checked
      .map((document, index) => ({ index, relevanceScore: scores[index] as number, document }))
      .filter(({ relevanceScore }) => relevanceScore >= scoreThreshold)
      // Ties stay in input order: the sort is stable.
      .sort((a, b) => b.relevanceScore - a.relevanceScore)
      .slice(0, topN)
  );
}

/** A copy of the documents. @throws TypeError naming the argument or the index */
function checkInput<Document extends RerankDocument>(
  query: string,
  documents: readonly Document[],
  { model, rankFields }: ResolvedRerankOptions,
): Document[] {
  if (!Array.isArray(documents)) throw expected("documents", "an array", describeType(documents));
  if (typeof query !== "string") throw expected("query", "a non-empty string", describeType(query));
  if (query.trim() === "" && documents.length > 0)
    throw expected("query", "a non-empty string", "a blank one");
  const asObjects = rankFields !== undefined || isRecord(documents[0]);
  if (asObjects && takesStringsOnly(model))
    throw expected("documents", `an array of strings, which are all that ${model} takes`, "objects");
  return Array.from(documents, (document: unknown, index) => {
    if (asObjects ? isRecord(document) : typeof document === "string") return document as Document;
    const what = asObjects ? "an object, like the others" : "a string, or all to be objects";
    throw expected(`documents[${index}]`, what, describeType(document));
  });
}

/** Score i belongs to document i. Requests of `batchSize` documents are sent at the same time. */
async function scoreAll(
  api: Api,
  query: string,
  documents: readonly RerankDocument[],
  options: ResolvedRerankOptions,
): Promise<number[]> {
  const scores = new Array<number>(documents.length);
  const learned = api.learned("/rerank", options.model);
  const halving = new Halving<Sent>(
    {
      send: async (part, signal, watch) => {
        const indices = part.map(({ index }) => index);
        const request = { ...rerankRequest(query, part, options, scores), watch };
        const items = await api.send(request, (answer) => decodeRanking(answer, indices), signal);
        for (const [at, index] of indices.entries()) scores[index] = items[at] as number;
      },
      refuse: ({ index }, error) => {
        throw pinned(error, "Document", index);
      },
    },
    learned,
  );
  const batches = planBatches(documents.map(toSent), () => limitsOf(options.batchSize, learned));
  await halving.runAll(batches, options.signal);
  return scores;
}

/** A document of a request. */
interface Sent extends Sized {
  document: RerankDocument;
}

/** Input order is kept: a reranker scores each pair by itself. @throws TypeError naming a document that no body can hold */
function toSent(document: RerankDocument, index: number): Sent {
  try {
    return { document, index, bytes: byteLength(document), length: 0 };
  } catch {
    throw expected(`documents[${index}]`, "an object that JSON can hold", "one that it cannot");
  }
}

function rerankRequest(
  query: string,
  part: readonly Sent[],
  { model, rankFields, extraBody }: ResolvedRerankOptions,
  call: object,
) {
  const documents = part.map(({ document }) => document);
  const body = { model, query, documents, ...extraBody };
  return {
    path: "/rerank" as const,
    body: rankFields ? { ...body, rank_fields: rankFields } : body,
    // The caller has the documents already: asking for them back would only cost time.
    optional: { return_documents: false },
    texts: [query, ...documents.flatMap(textsOf)],
    call,
  };
}

/** All strings in a document, at any depth. */
function textsOf(document: unknown): string[] {
  if (typeof document === "string") return [document];
  return Object.values(document ?? {}).flatMap(textsOf);
}
