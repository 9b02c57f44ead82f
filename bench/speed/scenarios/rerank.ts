/** How long 1,000 documents take to rank, beside the slowest of the requests that they travel in. */
import { type Contender, contender } from "../contenders.ts";
import type { Report, Target } from "../report.ts";
import { type Bench, requireAll, rowsOf, runRounds, type Samples } from "../rounds.ts";
import type { Sample, Work } from "../sample.ts";
import { show, spreadOf } from "../statistics.ts";

const core = contender("core");
const peers = [contender("together-ai"), contender("ai-sdk")];

// A request of 1,000 documents takes six times as long as one of 100.
const plan = { dimensions: 64, latency: { fixedMs: 80, perTextMs: 1 } };
const work: Work = { plan, kind: "paragraphs", count: 1_000, work: "rerank", warmUp: 200 };
/** After two jobs the code is warm. */
const BEFORE = 2;

export async function rerank(bench: Bench): Promise<Report> {
  const fresh = await runRounds(bench, bench.isQuick ? [core] : [core, ...peers], work);
  const used = await runRounds(bench, [core], { ...work, before: BEFORE });
  const unit = (samples: Samples) => (samples.get(core) ?? []).map(({ tally }) => tally.slowestMs);
  const [freshUnit, usedUnit] = [unit(fresh), unit(used)];
  requireAll(fresh);
  requireAll(used);
  return {
    title: "1,000 documents to rank",
    method:
      "80 ms + 1 ms a document, as many requests at a time as come. The unit is the slowest of core's own requests, as the server " +
      `saw it, in the same round. The others send one request, core ten at once. “In use” is a client that has ranked ${BEFORE} such jobs.`,
    tables: [
      {
        caption: "Rerank",
        head: ["client", "× the slowest request of 100", "ms", "requests"],
        rows: [
          ...[...fresh].map(([each, taken]) => row(nameOf(each), taken, freshUnit, 1)),
          ...[...used].map(([each, taken]) => row(`${nameOf(each)}, in use`, taken, usedUnit, BEFORE + 1)),
        ],
      },
    ],
    targets: [
      target("core: time × its slowest request", fresh, freshUnit),
      target("core, in use: time × its slowest request", used, usedUnit),
    ],
    rows: [
      ...rowsOf("rerank", { client_is: "fresh" }, fresh),
      ...rowsOf("rerank", { client_is: "in use" }, used),
    ],
  };
}

function nameOf({ client, name }: Contender): string {
  if (client === "ai-sdk") return "AI SDK rerank";
  return client === "core" ? name : "together-ai";
}

function ratios(taken: Sample[], unit: number[]): number[] {
  return taken.map(({ wallMs }, round) => wallMs / (unit[round] ?? Number.NaN));
}

function row(name: string, taken: Sample[], unit: number[], jobs: number) {
  const wall = spreadOf(taken.map(({ wallMs }) => wallMs));
  return [name, show(spreadOf(ratios(taken, unit))), show(wall, 0), (taken[0]?.tally.requests ?? 0) / jobs];
}

function target(what: string, samples: Samples, unit: number[]): Target {
  return { what, limit: 1.15, figure: spreadOf(ratios(samples.get(core) ?? [], unit)).median };
}
