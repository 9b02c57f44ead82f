/** What any scoring LangChain document compressor owes its host, for any class that has one. */
import { Document, type DocumentInterface } from "@langchain/core/documents";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import { describe, expect, test } from "vitest";

export interface CompressorUnderTest {
  /** An instance that works and gives back at most that many documents; all without `topN`. */
  create(topN?: number): Promise<BaseDocumentCompressor>;
  /** The key in a result's metadata that holds its score. */
  scoreKey: string;
  query: string;
  /** Three texts or more: the first answers the query best, and no score equals another. */
  texts: string[];
}

export function compressorStandardTests(name: string, subject: CompressorUnderTest): void {
  const { query, texts, scoreKey } = subject;
  const scoreOf = ({ metadata }: DocumentInterface) => metadata[scoreKey] as unknown;
  const makeDocuments = () =>
    texts.map(
      (pageContent, at) => new Document({ pageContent, id: `id-${at}`, metadata: { source: { at } } }),
    );

  describe(`${name} keeps the standard for document compressors`, () => {
    test("it is a BaseDocumentCompressor of @langchain/core", async () => {
      const compressor = await subject.create();
      expect(compressor).toBeInstanceOf(BaseDocumentCompressor);
      expect(BaseDocumentCompressor.isBaseDocumentCompressor(compressor)).toBe(true);
    });

    test("no documents give no documents", async () => {
      expect(await (await subject.create()).compressDocuments([], query)).toEqual([]);
    });

    test("the best comes first, wherever it stood, and scores fall", async () => {
      const found = await (await subject.create()).compressDocuments(makeDocuments().reverse(), query);
      expect(found[0]?.pageContent).toBe(texts[0]);
      const scores = found.map(scoreOf) as number[];
      expect(scores.every(Number.isFinite)).toBe(true);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(new Set(scores).size).toBe(texts.length);
    });

    test("at most topN come back, each of the given ones at most once", async () => {
      const two = await (await subject.create(2)).compressDocuments(makeDocuments(), query);
      expect(two).toHaveLength(2);
      const all = await (await subject.create(texts.length + 5)).compressDocuments(makeDocuments(), query);
      expect(all.map(({ pageContent }) => pageContent).sort()).toEqual([...texts].sort());
    });

    test("results are Documents with the id, text and metadata of the given ones, and the score", async () => {
      for (const found of await (await subject.create()).compressDocuments(makeDocuments(), query)) {
        const at = texts.indexOf(found.pageContent);
        expect(found).toBeInstanceOf(Document);
        expect(found.id).toBe(`id-${at}`);
        expect(found.metadata).toEqual({ source: { at }, [scoreKey]: scoreOf(found) });
      }
    });

    test("the given documents and their array are not touched", async () => {
      const documents = makeDocuments();
      const found = await (await subject.create()).compressDocuments(documents, query);
      expect(documents).toEqual(makeDocuments());
      for (const document of found) expect(documents).not.toContain(document);
    });

    test("frozen documents are as good as others", async () => {
      const documents = makeDocuments();
      for (const document of documents) Object.freeze(Object.freeze(document).metadata);
      Object.freeze(documents);
      const found = await (await subject.create()).compressDocuments(documents, query);
      expect(found.map(scoreOf).every(Number.isFinite)).toBe(true);
    });

    test("documents that share one metadata object get scores of their own", async () => {
      const metadata = { source: "shared" };
      const documents = texts.map((pageContent) => new Document({ pageContent, metadata }));
      const found = await (await subject.create()).compressDocuments(documents, query);
      expect(new Set(found.map(scoreOf)).size).toBe(texts.length);
      expect(metadata).toEqual({ source: "shared" });
    });

    test("a plain object without metadata is ranked like a Document", async () => {
      const documents = texts.map((pageContent) => ({ pageContent }) as DocumentInterface);
      const [best] = await (await subject.create()).compressDocuments(documents, query);
      expect(best).toBeInstanceOf(Document);
      expect(best?.pageContent).toBe(texts[0]);
      expect(Object.keys(best?.metadata ?? {})).toEqual([scoreKey]);
    });
  });
}
