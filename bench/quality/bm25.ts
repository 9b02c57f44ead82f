/** documents -> a search by words. Of the libraries tried this one is BM25: okapibm25 counts parts of words, minisearch is BM25+. */
import { stemmer } from "stemmer";
import bm25 from "wink-bm25-text-search";
import type { Text } from "./found.ts";

/** Lower-case stems of words and numbers, as Porter's stemmer makes them. */
export function stems(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => stemmer(word));
}

export class WordSearch {
  readonly #engine = bm25();

  /** k1 = 1.2, b = 0.75, and an idf that is never negative. The library asks for three documents at least. */
  constructor(documents: readonly Text[]) {
    this.#engine.defineConfig({ fldWeights: { text: 1 }, bm25Params: { k1: 1.2, b: 0.75, k: 1 } });
    this.#engine.definePrepTasks([stems]);
    for (const { id, text } of documents) this.#engine.addDoc({ text }, `id:${id}`);
    // Scores are kept with so many decimals: with fewer, ties appear that are none.
    this.#engine.consolidate(9);
  }

  /** At most `limit` documents that share a word with the query, best first, with their scores. */
  scores(query: string, limit: number): [id: string, score: number][] {
    return this.#engine.search(query, limit).map(([id, score]) => [id.slice("id:".length), score]);
  }

  search(query: string, limit: number): string[] {
    return this.scores(query, limit).map(([id]) => id);
  }
}
