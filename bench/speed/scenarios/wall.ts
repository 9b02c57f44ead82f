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
const floor = contender("floor", { batchSize: 100, concurrency: 16 });
const few = [floor, core, contender("core", { encoding: "base64" }), ...incumbents];
const all = [
  floor,
  ...quick,
  contender("langchain"),
  contender("llamaindex"),
  contender("langchain-openai", { batchSize: 100, concurrency: 16 }),
  ...incumbents,
  contender("ai-sdk"),
];

/** Every slot is busy from the first arrival to the end. */
const idealMs = (count: number) => latency.fixedMs + count / slots;

interface Job {
  texts: number;
  /** At most so many times the ideal. */
  limit: number;
  dimensions: number;
  contenders: Contender[];
}

const name = ({ texts, dimensions }: Job) =>
  `${texts.toLocaleString("en")} texts of ${dimensions.toLocaleString("en")} dimensions`;

// Small vectors show who keeps the server busy; with large ones, a slow processor is what everybody waits for.
const sizes = [
  { texts: 2_000, limit: 1.4 },
  { texts: 5_000, limit: 1.18 },
  { texts: 20_000, limit: 1.12 },
];
const jobs: Job[] = [
  ...sizes.map((size) => ({
    ...size,
    dimensions: 128,
    // One after the other, it would take minutes for 20,000.
    contenders: size.texts > 5_000 ? all : [...all, llamaindexPeer],
  })),
  ...sizes.map((size) => ({ ...size, dimensions: 1024, contenders: few })),
];

export async function wall(bench: Bench): Promise<Report> {
  const report: Report = {
    title: "Time of a job on a busy server",
    method:
      "50 ms on the way, 1 ms of work for each text, 8 slots. Ideal: 50 ms + texts / 8. Every client with its own defaults, unless its name says more. " +
      "Vectors of 128 dimensions, so that the client's processor has little to do; those of 1,024 show what it adds.",
    tables: [],
    targets: [],
    rows: [],
  };
  for (const job of jobs) {
    if (bench.isQuick && (job.texts !== 5_000 || job.dimensions !== 128)) continue;
    const { texts, dimensions } = job;
    const contenders = bench.isQuick ? quick : job.contenders;
    const plan = { dimensions, latency };
    const samples = await runRounds(bench, contenders, { plan, kind: "short", count: texts, warmUp: 1_000 });
    requireAll(samples);
    add(report, job, samples);
  }
  return report;
}

function add(report: Report, job: Job, samples: Samples): void {
  const { texts, dimensions, limit } = job;
  const ratios = new Map([...samples].map(([each, taken]) => [each, ratioToIdeal(taken, texts)] as const));
  report.tables.push({
    caption: `${name(job)}, ideal ${idealMs(texts)} ms`,
    head: ["client", "× ideal", "ms"],
    rows: [...samples].map(([each, taken]) => [
      each.name,
      show(ratios.get(each) as Spread),
      show(spreadOf(taken.map(({ wallMs }) => wallMs)), 0),
    ]),
  });
  report.targets.push({
    what: `core, ${name(job)}, × ideal`,
    limit,
    figure: ratios.get(core)?.median ?? Number.NaN,
  });
  if (texts >= 5_000) report.targets.push(...speedUps(ratios, name(job)));
  report.rows.push(...rowsOf("wall", { texts, dimensions } satisfies Row, samples));
  if (texts !== 5_000 || dimensions !== 128) return;
  report.chart = {
    title: `${name(job)} on a server with 50 ms + 1 ms a text and 8 slots`,
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

function speedUps(ratios: Map<Contender, Spread>, job: string): Target[] {
  const timesFaster = (peer: Contender, limit: number): Target[] => {
    const [theirs, ours] = [ratios.get(peer), ratios.get(core)];
    if (!theirs || !ours) return [];
    const what = `${peer.name} takes so many times as long as core, ${job}`;
    return [{ what, limit, figure: theirs.median / ours.median, atLeast: true }];
  };
  return [...incumbents.flatMap((peer) => timesFaster(peer, 3)), ...timesFaster(llamaindexPeer, 40)];
}
