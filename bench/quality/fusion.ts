/** several rankings -> one: reciprocal rank fusion */
import type { Ranking } from "./metrics.ts";

/** The constant of Cormack, Clarke and Büttcher (SIGIR 2009). */
const K = 60;

/** A document counts 1 / (60 + its place, from 1) in every ranking that holds it. Ties go to the earlier ranking. */
export function fuse(...rankings: Ranking[]): string[] {
  const scores = new Map<string, number>();
  for (const ranking of rankings) {
    for (const [place, id] of ranking.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (K + place + 1));
  }
  return [...scores].sort(([, a], [, b]) => b - a).map(([id]) => id);
}
