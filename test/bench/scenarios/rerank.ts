/** How long 1,000 documents take to rank, beside the slowest of the requests that they travel in. */
import { contender } from "../contenders.ts";
import type { Report } from "../report.ts";
import { type Bench, requireAll, rowsOf, runRounds } from "../rounds.ts";
import type { Sample } from "../sample.ts";
import { show, spreadOf } from "../statistics.ts";

const core = contender("core");
const peers = [contender("together-ai"), contender("ai-sdk")];

export async function rerank(bench: Bench): Promise<Report> {
  // A request of 1,000 documents takes six times as long as one of 100.
  const plan = { dimensions: 64, latency: { fixedMs: 80, perTextMs: 1 } };
  const work = { plan, kind: "paragraphs", count: 1_000, work: "rerank", warmUp: 200 } as const;
  const samples = await runRounds(bench, bench.isQuick ? [core] : [core, ...peers], work);
  requireAll(samples);
  const ours = samples.get(core) ?? [];
  const slowest = ours.map(({ tally }) => tally.slowestMs);
  const ratio = ({ wallMs }: Sample, round: number) => wallMs / (slowest[round] ?? Number.NaN);
  return {
    title: "1,000 documents to rank",
    method:
      "80 ms + 1 ms a document, as many requests at a time as come. The unit is the slowest of core's own parallel requests, " +
      "as the server saw it, in the same round. The others send one request.",
    tables: [
      {
        caption: "Rerank",
        head: ["client", "× the slowest request of 100", "ms", "requests"],
        rows: [...samples].map(([{ name, client }, taken]) => [
          client === "ai-sdk" ? "AI SDK rerank" : client === "core" ? name : "together-ai",
          show(spreadOf(taken.map(ratio))),
          show(spreadOf(taken.map(({ wallMs }) => wallMs)), 0),
          taken[0]?.tally.requests ?? 0,
        ]),
      },
    ],
    targets: [
      {
        what: "core: time × its slowest request",
        limit: 1.1,
        figure: spreadOf(ours.map(ratio)).median,
      },
    ],
    rows: rowsOf("rerank", {}, samples),
  };
}
