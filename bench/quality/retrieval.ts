/** a collection and a door -> rankings of every query, by each way to find and order documents */
import type { WordSearch } from "./bm25.ts";
import type { Index } from "./doors.ts";
import type { Collection } from "./found.ts";
import { fuse } from "./fusion.ts";
import type { Rankings } from "./scores.ts";

/** How deep a ranking goes: as far as recall@100 looks. */
export const DEPTH = 100;

/** Reranks the first `candidates`; what stands behind them stays in its place. */
export async function rankAll(
  { queries }: Collection,
  index: Index,
  words: WordSearch,
  candidates: number,
): Promise<Rankings> {
  const rankings = { vectors: [], BM25: [], "BM25 + vectors": [] } as Record<string, string[][]>;
  const reranked = { "vectors, reranked": [], "BM25 + vectors, reranked": [] } as Record<string, string[][]>;
  const add = (to: Record<string, string[][]>, name: string, ranking: string[]) => to[name]?.push(ranking);
  for (const { text } of queries) {
    const byVectors = await index.search(text, DEPTH);
    const byWords = words.search(text, DEPTH);
    const byBoth = fuse(byWords, byVectors).slice(0, DEPTH);
    const rerank = async (ranking: string[]) => [
      ...(await index.rerank(text, ranking.slice(0, candidates))),
      ...ranking.slice(candidates),
    ];
    add(rankings, "vectors", byVectors);
    add(rankings, "BM25", byWords);
    add(rankings, "BM25 + vectors", byBoth);
    add(reranked, "vectors, reranked", await rerank(byVectors));
    add(reranked, "BM25 + vectors, reranked", await rerank(byBoth));
  }
  return { ...rankings, ...reranked };
}

/** The rankings of vectors alone. */
export async function searchAll({ queries }: Collection, index: Index, limit = DEPTH): Promise<string[][]> {
  const rankings: string[][] = [];
  for (const { text } of queries) rankings.push(await index.search(text, limit));
  return rankings;
}
