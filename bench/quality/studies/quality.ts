/** Words, vectors, both, each with and without reranking; through every door, with the same numbers. */
import { WordSearch } from "../bm25.ts";
import { gainChart } from "../charts.ts";
import { byHand, langChain, llamaIndex } from "../doors.ts";
import { compareDoors } from "../parity.ts";
import { rankAll } from "../retrieval.ts";
import { type Rankings, rowsOf } from "../scores.ts";
import { scoreTable } from "../tables.ts";
import type { Setup, Study } from "./study.ts";

export const quality: Study = async (setup) => {
  const { collection, candidates, say } = setup;
  const words = new WordSearch(collection.documents);
  const byDoor: Record<string, Rankings> = {};
  for (const door of [langChain, llamaIndex, byHand]) {
    const start = performance.now();
    const index = await door.open(collection.documents, doorOptions(setup));
    byDoor[door.name] = await rankAll(collection, index, words, candidates);
    say(`${door.name}: ${Math.round((performance.now() - start) / 1000)} s`);
  }
  const agreement = compareDoors(collection, byDoor);
  const rows = rowsOf(collection, Object.values(byDoor)[0] ?? {});
  return {
    title: "Ways to find, and to order what was found",
    body: `${scoreTable(rows)}\n\nThe first ${candidates} are reranked. ${agreement}.`,
    chart: gainChart(rows, "Gain in nDCG@10 over vectors alone"),
  };
};

/** Queries go as they are: by hand there are no prompts. */
function doorOptions({ api, model, reranker }: Setup) {
  return { api, model, reranker, profile: {} };
}
