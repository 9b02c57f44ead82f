/** What a framework found for a question: candidates by vector, and the best of them after reranking. */

export const candidateCount = 20;
export const bestCount = 5;

/** A row of the table with its score. */
export interface Finding {
  id: string;
  source: string;
  text: string;
  score: number;
}

export interface Findings {
  /** Nearest first; the score is the cosine of the question's vector and the passage's. */
  candidates: Finding[];
  /** Best first; the score is the reranker's. */
  best: Finding[];
}

/** Whether both found the same passages in the same order with the same scores, but for the last bits of a float. */
export function agree(one: Findings, other: Findings): boolean {
  return same(one.candidates, other.candidates) && same(one.best, other.best);
}

function same(some: Finding[], others: Finding[]): boolean {
  if (some.length !== others.length) return false;
  return some.every(({ id, score }, rank) => {
    const other = others[rank];
    return id === other?.id && Math.abs(score - other.score) < 1e-6;
  });
}
