/** A LangChain document compressor that scores, of any class -> checks of what LangChain expects of it, for any test runner. */
import { Document, type DocumentInterface } from "@langchain/core/documents";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";

/** The compressor to check, and a query with documents for it. */
export interface CompressorUnderTest {
  /** Makes a working instance that returns at most `topN` documents; all of them without `topN`. */
  create(topN?: number): BaseDocumentCompressor | Promise<BaseDocumentCompressor>;
  /** The metadata key under which a result has its score. */
  scoreKey: string;
  query: string;
  /** At least three texts. The first must answer the query best, and no two may have equal scores. */
  texts: readonly string[];
}

/** One promise of a compressor. */
export interface CompressorCheck {
  /** What is promised. */
  name: string;
  /** Resolves when the promise is kept. @throws Error that says what came instead */
  check(subject: CompressorUnderTest): Promise<void>;
}

/** `for (const { name, check } of compressorChecks) test(name, () => check(subject));` in Vitest, Jest or node:test. */
export const compressorChecks: readonly CompressorCheck[] = [
  {
    name: "it is a BaseDocumentCompressor of @langchain/core",
    async check({ create }) {
      ensure((await create()) instanceof BaseDocumentCompressor, "an instance of it");
    },
  },
  {
    name: "no documents give no documents",
    async check(subject) {
      same("results", await compress(subject, []), []);
    },
  },
  {
    name: "the best comes first, wherever it stood, and scores fall",
    async check(subject) {
      const found = await compress(subject, makeDocuments(subject).reverse());
      same("the best text", found[0]?.pageContent, subject.texts[0]);
      const scores = scoresOf(subject, found);
      same(
        "the order of the scores",
        scores,
        [...scores].sort((a, b) => b - a),
      );
      ensure(new Set(scores).size === subject.texts.length, "a score of its own for each", scores);
    },
  },
  {
    name: "at most topN come back, each of the given ones at most once",
    async check(subject) {
      same("results for a topN of two", (await compress(subject, makeDocuments(subject), 2)).length, 2);
      const all = await compress(subject, makeDocuments(subject), subject.texts.length + 5);
      same("all texts", all.map(({ pageContent }) => pageContent).sort(), [...subject.texts].sort());
    },
  },
  {
    name: "results are Documents with the id, text and metadata of the given ones, and the score",
    async check(subject) {
      const originals = makeDocuments(subject);
      for (const found of await compress(subject, makeDocuments(subject))) {
        ensure(found instanceof Document, "a Document", found);
        const original = originals.find(({ pageContent }) => pageContent === found.pageContent);
        same("an id", found.id, original?.id);
        const { [subject.scoreKey]: score, ...metadata } = found.metadata;
        ensure(Number.isFinite(score), `a number in metadata.${subject.scoreKey}`, score);
        same("the other metadata", metadata, original?.metadata);
      }
    },
  },
  {
    name: "the given documents and their array are not touched",
    async check(subject) {
      const documents = makeDocuments(subject);
      const found = await compress(subject, documents);
      same("the given documents", documents, makeDocuments(subject));
      ensure(!found.some((document) => documents.includes(document as Document)), "new documents");
    },
  },
  {
    name: "frozen documents are as good as others",
    async check(subject) {
      const documents = makeDocuments(subject);
      for (const document of documents) Object.freeze(Object.freeze(document).metadata);
      scoresOf(subject, await compress(subject, Object.freeze(documents) as Document[]));
    },
  },
  {
    name: "documents that share one metadata object get scores of their own",
    async check(subject) {
      const metadata = { source: "shared" };
      const documents = subject.texts.map((pageContent) => new Document({ pageContent, metadata }));
      const scores = scoresOf(subject, await compress(subject, documents));
      ensure(new Set(scores).size === subject.texts.length, "a score of its own for each", scores);
      same("the shared metadata", metadata, { source: "shared" });
    },
  },
  {
    name: "a plain object without metadata is ranked like a Document",
    async check(subject) {
      const documents = subject.texts.map((pageContent) => ({ pageContent }) as DocumentInterface);
      const [best] = await compress(subject, documents);
      ensure(best instanceof Document, "a Document", best);
      same("the best text", best.pageContent, subject.texts[0]);
      same("the keys of its metadata", Object.keys(best.metadata), [subject.scoreKey]);
    },
  },
];

function makeDocuments({ texts }: CompressorUnderTest): Document[] {
  return texts.map(
    (pageContent, at) => new Document({ pageContent, id: `id-${at}`, metadata: { source: { at } } }),
  );
}

async function compress(
  { create, query }: CompressorUnderTest,
  documents: DocumentInterface[],
  topN?: number,
): Promise<DocumentInterface[]> {
  return (await create(topN)).compressDocuments(documents, query);
}

function scoresOf({ scoreKey, texts }: CompressorUnderTest, found: DocumentInterface[]): number[] {
  same("the number of results", found.length, texts.length);
  const scores = found.map(({ metadata }) => metadata[scoreKey] as number);
  ensure(scores.every(Number.isFinite), `a number in every metadata.${scoreKey}`, scores);
  return scores;
}

function same(what: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) === JSON.stringify(wanted)) return;
  throw new Error(`Expected ${what} to be ${JSON.stringify(wanted)}, got ${JSON.stringify(found)}`);
}

function ensure(holds: boolean, what: string, found?: unknown): asserts holds {
  if (!holds) throw new Error(`Expected ${what}, got ${JSON.stringify(found)}`);
}
