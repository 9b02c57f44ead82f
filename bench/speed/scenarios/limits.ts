/** Jobs on a server that limits rates: how long beyond the ideal, how many requests in vain, and whether the vectors come back. */
import { contender } from "../contenders.ts";
import type { Report } from "../report.ts";
import { type Bench, inRounds, rowsOf, type Samples } from "../rounds.ts";
import { type Sample, samplesTogether, type Work } from "../sample.ts";
import { show, spreadOf } from "../statistics.ts";
import { failures } from "./failures.ts";
import { type LimitCase, limitCases } from "./limit-cases.ts";

const core = contender("core", { batchSize: 32 });
const peers = [
  contender("together-ai", { batchSize: 32, concurrency: 8 }),
  contender("langchain-openai", { batchSize: 32 }),
  contender("llamaindex-together", { batchSize: 32 }),
  contender("ai-sdk", { batchSize: 32 }),
  contender("langchain-togetherai"),
];

/** A client that has not finished after this many times the ideal is stopped. */
const PATIENCE = 3;

export async function limits(bench: Bench): Promise<Report> {
  const count = bench.isQuick ? 960 : 5_000;
  const cases = limitCases(count);
  const contenders = bench.isQuick ? [core] : [core, ...peers];
  const report: Report = {
    title: "Jobs on a server that limits rates",
    method:
      `${count.toLocaleString("en")} texts in batches of 32 (TogetherAIEmbeddings sends one at a time), 50 to 150 tokens each; ` +
      "vectors of 64 dimensions, answers after 40 to 80 ms. Ideal: the least time in which the limit lets so much through, and the shortest answer. " +
      `A client that has nothing after ${PATIENCE} ideal times is stopped. ` +
      "The cases of one client run side by side, since all of them mostly wait.",
    tables: [],
    targets: [],
    rows: [],
  };
  const samples = new Map(
    cases.map((one) => [one, new Map(contenders.map((each) => [each, [] as Sample[]]))]),
  );
  await inRounds(bench, contenders, async (each) => {
    const works = cases.map((one) => workOf(one, count));
    for (const [at, taken] of (await samplesTogether(bench.server, each, works)).entries()) {
      samples
        .get(cases[at] as LimitCase)
        ?.get(each)
        ?.push(taken);
    }
  });
  for (const [one, taken] of samples) add(report, one, taken, count);
  const disturbed = await failures(bench, contenders, count);
  report.tables.push(...disturbed.tables);
  report.targets.push(...disturbed.targets);
  report.rows.push(...disturbed.rows);
  return report;
}

function workOf({ plan, idealMs, clients }: LimitCase, count: number): Work {
  return {
    plan,
    kind: "paragraphs",
    count,
    warmUp: 500,
    longestMs: PATIENCE * idealMs,
    processes: clients,
  };
}

function add(report: Report, one: LimitCase, samples: Samples, count: number): void {
  const { name, idealMs, clients } = one;
  const rows = [...samples].map(([each, taken]) => {
    const isDone = taken.every(({ error }) => !error);
    return [
      each.name,
      isDone ? show(spreadOf(taken.map(({ wallMs }) => wallMs / idealMs)), 3) : "–",
      `${show(spreadOf(taken.map(refusedShare)), 1)} %`,
      show(spreadOf(taken.map(({ returned }) => returned)), 0),
      taken
        .find(({ error }) => error)
        ?.error?.split("\n")[0]
        ?.slice(0, 80) ?? "",
    ];
  });
  report.tables.push({
    caption: `${name}, ideal ${(idealMs / 1_000).toFixed(1)} s`,
    head: [
      "client",
      "× ideal",
      "answered 429",
      `vectors of ${(clients * count).toLocaleString("en")}`,
      "failure",
    ],
    rows,
  });
  const ours = samples.get(core) ?? [];
  const median = (figure: (taken: Sample) => number) => spreadOf(ours.map(figure)).median;
  // A job that did not finish has no time.
  const makespan = ({ wallMs, error }: Sample) => (error ? Number.POSITIVE_INFINITY : wallMs / idealMs);
  const least = spreadOf(ours.map(({ returned }) => returned)).least;
  report.targets.push(
    { what: `${name}: × ideal`, limit: one.makespan, figure: median(makespan) },
    { what: `${name}: answered 429`, limit: one.refusedPercent, figure: median(refusedShare), unit: " %" },
    { what: `${name}: vectors returned`, limit: clients * count, figure: least, atLeast: true },
  );
  report.rows.push(...rowsOf("limits", { case: name, idealMs }, samples));
}

/** Percent. */
function refusedShare({ tally }: Sample): number {
  return (100 * tally.refused) / tally.requests;
}
