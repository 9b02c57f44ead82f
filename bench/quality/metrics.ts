/** a ranking and the relevant documents -> how good it is, from 0 to 1 */

/** Document ids, best first. */
export type Ranking = readonly string[];
/** Relevant documents and how relevant, from 1 up. */
export type Grades = ReadonlyMap<string, number>;

/** The names of the tables' columns, in their order. */
export const metrics = {
  "nDCG@10": (ranking: Ranking, grades: Grades) => ndcg(ranking, grades, 10),
  "recall@10": (ranking: Ranking, grades: Grades) => recall(ranking, grades, 10),
  "recall@100": (ranking: Ranking, grades: Grades) => recall(ranking, grades, 100),
  "MRR@10": (ranking: Ranking, grades: Grades) => reciprocalRank(ranking, grades, 10),
} as const;

export type Metric = keyof typeof metrics;

/** Normalised discounted cumulative gain: a relevant document counts its grade over log2 of its place + 1. */
export function ndcg(ranking: Ranking, grades: Grades, depth: number): number {
  const found = ranking.slice(0, depth).map((id) => grades.get(id) ?? 0);
  const best = [...grades.values()].sort((a, b) => b - a).slice(0, depth);
  return gain(found) / gain(best);
}

function gain(grades: readonly number[]): number {
  return grades.reduce((sum, grade, place) => sum + grade / Math.log2(place + 2), 0);
}

/** The share of the relevant documents among the first `depth`. */
export function recall(ranking: Ranking, grades: Grades, depth: number): number {
  return ranking.slice(0, depth).filter((id) => grades.has(id)).length / grades.size;
}

/** One over the place of the first relevant document; 0 when none is among the first `depth`. */
export function reciprocalRank(ranking: Ranking, grades: Grades, depth: number): number {
  const place = ranking.slice(0, depth).findIndex((id) => grades.has(id));
  return place < 0 ? 0 : 1 / (place + 1);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
