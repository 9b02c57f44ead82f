/** How many candidates for ten results: quality, and the time that a query takes. */
import { pairedInterval } from "../bootstrap.ts";
import { candidatesChart } from "../charts.ts";
import { langChain } from "../doors.ts";
import type { Collection } from "../found.ts";
import { ask } from "../keeper.ts";
import { mean } from "../metrics.ts";
import { searchAll } from "../retrieval.ts";
import { scoresOf } from "../scores.ts";
import { gainCell, table } from "../tables.ts";
import type { Setup, Study } from "./study.ts";

const COUNTS = [10, 20, 50, 100, 200];
/** Queries whose times are taken. */
const TIMED = 5;
/** Only every fifth query is asked, because 200 pairs for each query are as much work as a whole table. */
const EVERY = 5;

export const candidates: Study = async (setup) => {
  const { api, model, reranker, say } = setup;
  const queries = setup.collection.queries.filter((_, at) => at % EVERY === 0);
  const collection = { ...setup.collection, queries };
  const index = await langChain.open(collection.documents, { api, model, reranker, profile: {} });
  const found = await searchAll(collection, index, Math.max(...COUNTS));
  const before = scoresOf(collection, found)["nDCG@10"];
  const points = [{ candidates: 0, nDCG: mean(before), milliseconds: 0 }];
  const rows = [["no reranking", mean(before).toFixed(3), "", ""]];
  for (const count of COUNTS) {
    const rankings: string[][] = [];
    for (const [at, { text }] of queries.entries())
      rankings.push(await index.rerank(text, found[at]?.slice(0, count) ?? []));
    const scores = scoresOf(collection, rankings)["nDCG@10"];
    const differences = scores.map((score, at) => score - (before[at] ?? 0));
    const milliseconds = await medianTime(setup, collection, found, count);
    points.push({ candidates: count, nDCG: mean(scores), milliseconds });
    const gain = { mean: mean(differences), interval: pairedInterval(differences) };
    rows.push([String(count), mean(scores).toFixed(3), gainCell(gain), `${Math.round(milliseconds)} ms`]);
    say(`${count} candidates: done`);
  }
  const head = ["candidates", "nDCG@10", "gain over vectors, 95 % interval", "reranking takes (median)"];
  return {
    title: "How many candidates for ten results",
    body: `${table(head, rows)}\n\n${queries.length} queries; times of ${TIMED} of them, one after the other.`,
    chart: candidatesChart(points),
  };
};

/** Times of plain requests to the API itself, without the cache. */
async function medianTime(
  { source, reranker }: Setup,
  { documents, queries }: Collection,
  found: readonly string[][],
  count: number,
): Promise<number> {
  const texts = new Map(documents.map(({ id, text }) => [id, text]));
  const times: number[] = [];
  for (const [at, { text: query }] of queries.slice(0, TIMED).entries()) {
    const candidates = (found[at] ?? []).slice(0, count).map((id) => texts.get(id));
    const start = performance.now();
    await ask(source, "/rerank", { model: reranker, query, documents: candidates });
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
