/** How long a client blocks the event loop while vectors arrive. */
import { contender } from "../contenders.ts";
import type { Report } from "../report.ts";
import { type Bench, requireAll, rowsOf, runRounds } from "../rounds.ts";
import type { Sample } from "../sample.ts";
import { show, spreadOf } from "../statistics.ts";
import { latency } from "./wall.ts";

const core = contender("core");
const ours = [core, contender("core", { encoding: "float" }), contender("langchain")];
const peers = [
  contender("together-ai", { batchSize: 100, concurrency: 16 }),
  contender("langchain-openai"),
  contender("langchain-togetherai"),
  contender("ai-sdk"),
];

export async function loop(bench: Bench): Promise<Report> {
  const contenders = bench.isQuick ? [core] : [...ours, ...peers];
  const count = bench.isQuick ? 5_000 : 20_000;
  const plan = { dimensions: 1024, latency };
  const work = { plan, kind: "short", count, warmUp: 1_000, watchLoop: true } as const;
  const samples = await runRounds(bench, contenders, work);
  requireAll(samples);
  const p99 = ({ loopP99Ms = Number.NaN }: Sample) => loopP99Ms;
  const longest = ({ loopMaxMs = Number.NaN }: Sample) => loopMaxMs;
  return {
    title: "Delay of the event loop",
    method:
      `While ${count.toLocaleString("en")} vectors of 1,024 dimensions arrive; 50 ms + 1 ms a text, 8 slots. ` +
      "`perf_hooks.monitorEventLoopDelay` at a resolution of 1 ms, which is what a quiet loop shows.",
    tables: [
      {
        caption: "Event loop",
        head: ["client", "p99, ms", "longest, ms"],
        rows: [...samples].map(([{ name }, taken]) => [
          name,
          show(spreadOf(taken.map(p99)), 1),
          show(spreadOf(taken.map(longest)), 1),
        ]),
      },
    ],
    targets: ours
      .filter((each) => samples.has(each))
      .map((each) => ({
        what: `${each.name}, p99`,
        limit: 50,
        figure: spreadOf((samples.get(each) ?? []).map(p99)).median,
        unit: " ms",
      })),
    rows: rowsOf("loop", {}, samples),
  };
}
