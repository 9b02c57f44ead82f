/** Queries beside a bulk job on one client: how long each waits for its vector. */
import { contender } from "../contenders.ts";
import type { Report, Target } from "../report.ts";
import { type Bench, requireAll, rowsOf, runRounds } from "../rounds.ts";
import type { Sample } from "../sample.ts";
import { show, spreadOf } from "../statistics.ts";

const core = contender("core");
const ours = [core, contender("langchain"), contender("llamaindex")];
const tunedByHand = { batchSize: 100, concurrency: 16 };
const peers = [contender("langchain-openai", tunedByHand), contender("together-ai", tunedByHand)];

const latency = { fixedMs: 50, spreadMs: 50, perTextMs: 3 };
/** A request of 100 texts, as the job sends them, and one of a query. */
const requestMs = latency.fixedMs + latency.spreadMs / 2 + 100 * latency.perTextMs;
const queryMs = latency.fixedMs + latency.spreadMs / 2 + latency.perTextMs;

export async function queries(bench: Bench): Promise<Report> {
  const contenders = bench.isQuick ? [core] : [...ours, ...peers];
  const count = bench.isQuick ? 5_000 : 20_000;
  const plan = { dimensions: 128, latency };
  const samples = await runRounds(bench, contenders, {
    plan,
    kind: "short",
    count,
    work: "queries",
    warmUp: 1_000,
  });
  requireAll(samples);
  const rows = [...samples].map(([{ name }, taken]) => [
    name,
    show(spreadOf(taken.map(({ queries }) => queries?.queries ?? Number.NaN)), 0),
    show(spreadOf(taken.map(median)), 0),
    show(spreadOf(taken.map(most)), 0),
    show(spreadOf(taken.map((one) => most(one) / requestMs))),
    show(spreadOf(taken.map(({ wallMs }) => wallMs)), 0),
  ]);
  const targets = contenders
    .filter(({ isOurs }) => isOurs)
    .map((each): Target => {
      const longest = spreadOf((samples.get(each) ?? []).map(most)).median / requestMs;
      return { what: `${each.name}: the longest wait, × a request of the job`, limit: 1.5, figure: longest };
    });
  return {
    title: "Queries beside a job",
    method:
      `A job of ${count.toLocaleString("en")} short texts, and up to 50 queries on the same client, one after the other, from the job's first request on. ` +
      `An answer takes 50 to 100 ms + 3 ms a text, as many at a time as come: ${requestMs} ms for a request of the job, ${queryMs} ms for a query. ` +
      "Vectors of 128 dimensions. `p-map` keeps no order between calls: its queries are sent at once, beyond the 16 of the job.",
    tables: [
      {
        caption: `Up to 50 queries while ${count.toLocaleString("en")} texts are embedded`,
        head: [
          "client",
          "queries before the job's end",
          "median wait, ms",
          "longest wait, ms",
          "longest wait, × a request of the job",
          "job and queries, ms",
        ],
        rows,
      },
    ],
    targets,
    rows: rowsOf("queries", {}, samples),
  };
}

function median({ queries }: Sample): number {
  return queries?.queryMedianMs ?? Number.NaN;
}

function most({ queries }: Sample): number {
  return queries?.queryMostMs ?? Number.NaN;
}
