/** rankings of all queries -> scores by query, and a row of a table */
import { pairedInterval } from "./bootstrap.ts";
import type { Collection } from "./found.ts";
import { type Metric, mean, metrics, type Ranking } from "./metrics.ts";

/** By metric: one score a query, in the collection's order. */
export type Scores = Record<Metric, number[]>;

/** Rankings by the name of what made them; ranking i answers query i. */
export type Rankings = Record<string, Ranking[]>;

export const metricNames = Object.keys(metrics) as Metric[];

export function scoresOf({ queries, judgements }: Collection, rankings: readonly Ranking[]): Scores {
  const scoreAll = (metric: Metric) =>
    queries.map(({ id }, at) => metrics[metric](rankings[at] ?? [], judgements.get(id) ?? new Map()));
  return Object.fromEntries(metricNames.map((metric) => [metric, scoreAll(metric)])) as Scores;
}

export interface Row {
  name: string;
  means: Record<Metric, number>;
  /** The difference of nDCG@10 to the first row, with its 95 % interval. Absent in the first row. */
  gain?: { mean: number; interval: [number, number] };
}

/** The rows of a table. All others are compared with the first. */
export function rowsOf(collection: Collection, rankings: Rankings): Row[] {
  const all = Object.entries(rankings).map(([name, given]) => ({
    name,
    scores: scoresOf(collection, given),
  }));
  const baseline = all[0]?.scores["nDCG@10"] ?? [];
  return all.map(({ name, scores }, at) => {
    const means = Object.fromEntries(metricNames.map((metric) => [metric, mean(scores[metric])]));
    const row = { name, means: means as Record<Metric, number> };
    if (at === 0) return row;
    const differences = scores["nDCG@10"].map((score, query) => score - (baseline[query] ?? 0));
    return { ...row, gain: { mean: mean(differences), interval: pairedInterval(differences) } };
  });
}
