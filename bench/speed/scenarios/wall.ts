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
const ours = [core, contender("langchain"), contender("llamaindex")];
const tunedByHand = { batchSize: 100, concurrency: 16 };
const tuned = [contender("together-ai", tunedByHand), contender("langchain-openai", tunedByHand)];
const quick = [core, ...tuned];
const floor = contender("floor", tunedByHand);
const few = [floor, ...ours, ...tuned, ...incumbents];
const all = [...few, contender("ai-sdk")];

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

// Small vectors show which client keeps the server busy. With large ones, everybody waits for the processor.
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
  for (const texts of bench.isQuick ? [2_000] : [2_000, 20_000]) await addFirstRequest(bench, report, texts);
  return report;
}

/** In a process that has embedded nothing before: what most calls of a script or a function are. */
async function addFirstRequest(bench: Bench, report: Report, texts: number): Promise<void> {
  const plan = { dimensions: 128 };
  const samples = await runRounds(bench, quick, { plan, kind: "short", count: texts, warmUp: 0 });
  const spreads = [...samples].map(
    ([{ name }, taken]) =>
      [name, spreadOf(taken.map(({ firstRequestMs = Number.NaN }) => firstRequestMs))] as const,
  );
  report.tables.push({
    caption: `Time to the first request of ${texts.toLocaleString("en")} texts, in a young process`,
    head: ["client", "ms"],
    rows: spreads.map(([name, spread]) => [name, show(spread, 1)]),
  });
  report.rows.push(...rowsOf("first request", { texts }, samples));
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
  const median = (each: Contender) => ratios.get(each)?.median ?? Number.NaN;
  report.targets.push({ what: `core, ${name(job)}, × ideal`, limit, figure: median(core) });
  const best = Math.min(...tuned.map(median));
  for (const each of ours.filter((each) => ratios.has(each)))
    report.targets.push({
      what: `${each.name}, ${name(job)}, × the best peer tuned by hand`,
      limit: 1,
      figure: median(each) / best,
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
