/** How long a job takes on a server with a latency and eight slots, as ratios to the ideal. */
import { type Contender, contender } from "../contenders.ts";
import type { Latency } from "../plan.ts";
import type { Report, Row, Target } from "../report.ts";
import { type Bench, requireAll, rowsOf, runRounds, type Samples } from "../rounds.ts";
import { type Spread, show, spreadOf } from "../statistics.ts";

export const slots = 8;
export const latency: Latency = { fixedMs: 50, slots, perTextMs: 1 };

const core = contender("core");
const llamaindexPeer = contender("llamaindex-together");
const incumbents = [contender("langchain-togetherai"), contender("langchain-openai")];
const quick = [core, contender("together-ai", { batchSize: 100, concurrency: 16 })];
const all = [
  contender("floor", { batchSize: 100, concurrency: 16 }),
  ...quick,
  contender("langchain"),
  contender("llamaindex"),
  contender("langchain-openai", { batchSize: 100, concurrency: 16 }),
  ...incumbents,
  contender("ai-sdk"),
];

/** Every slot is busy from the first arrival to the end. */
const idealMs = (count: number) => latency.fixedMs + count / slots;

const limits = new Map([
  [2_000, 1.4],
  [5_000, 1.18],
  [20_000, 1.12],
]);

export async function wall(bench: Bench): Promise<Report> {
  const report: Report = {
    title: "Time of a job on a busy server",
    method:
      "50 ms on the way, 1 ms of work for each text, 8 slots; 1,024 dimensions. Ideal: 50 ms + texts / 8. " +
      "Every client with its own defaults, unless its name says more.",
    tables: [],
    targets: [],
    rows: [],
  };
  for (const [count, limit] of limits) {
    if (bench.isQuick && count !== 5_000) continue;
    // One after the other, it would take minutes for 20,000.
    const contenders = bench.isQuick ? quick : count > 5_000 ? all : [...all, llamaindexPeer];
    const plan = { dimensions: 1024, latency };
    const samples = await runRounds(bench, contenders, { plan, kind: "short", count, warmUp: 1_000 });
    requireAll(samples);
    add(report, count, limit, samples);
  }
  return report;
}

function add(report: Report, count: number, limit: number, samples: Samples): void {
  const ratios = new Map([...samples].map(([each, taken]) => [each, ratioToIdeal(taken, count)] as const));
  const texts = `${count.toLocaleString("en")} texts`;
  report.tables.push({
    caption: `${texts}, ideal ${idealMs(count)} ms`,
    head: ["client", "× ideal", "ms"],
    rows: [...samples].map(([each, taken]) => [
      each.name,
      show(ratios.get(each) as Spread),
      show(spreadOf(taken.map(({ wallMs }) => wallMs)), 0),
    ]),
  });
  report.targets.push({
    what: `core, ${texts}, × ideal`,
    limit,
    figure: ratios.get(core)?.median ?? Number.NaN,
  });
  if (count >= 5_000) report.targets.push(...speedUps(ratios, texts));
  report.rows.push(...rowsOf("wall", { texts: count } satisfies Row, samples));
  if (count !== 5_000) return;
  report.chart = {
    title: `${texts} on a server with 50 ms + 1 ms a text and 8 slots`,
    unit: "× ideal (less is better)",
    bars: [...ratios].map(([{ name, client, isOurs }, { median, least, most }]) => ({
      name,
      value: median,
      least,
      most,
      group: client === "floor" ? "floor" : isOurs ? "ours" : "others",
    })),
  };
}

function ratioToIdeal(taken: { wallMs: number }[], count: number): Spread {
  return spreadOf(taken.map(({ wallMs }) => wallMs / idealMs(count)));
}

function speedUps(ratios: Map<Contender, Spread>, texts: string): Target[] {
  const timesFaster = (peer: Contender, limit: number): Target[] => {
    const [theirs, ours] = [ratios.get(peer), ratios.get(core)];
    if (!theirs || !ours) return [];
    const what = `${peer.name} takes so many times as long as core, ${texts}`;
    return [{ what, limit, figure: theirs.median / ours.median, atLeast: true }];
  };
  return [...incumbents.flatMap((peer) => timesFaster(peer, 3)), ...timesFaster(llamaindexPeer, 40)];
}
