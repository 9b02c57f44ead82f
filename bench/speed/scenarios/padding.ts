/** A server that pads every batch to its longest text: the work that is asked for, and the time it takes. */
import { contender } from "../contenders.ts";
import type { Report } from "../report.ts";
import { type Bench, requireAll, rowsOf, runRounds } from "../rounds.ts";
import type { Sample } from "../sample.ts";
import { show, spreadOf } from "../statistics.ts";
import { slots } from "./wall.ts";

const core = contender("core");
const inputOrder = contender("floor", { batchSize: 100, concurrency: 16 });
const peers = [
  inputOrder,
  contender("together-ai", { batchSize: 100, concurrency: 16 }),
  contender("langchain-openai"),
];

/** About 1 ms a text of usual length. */
const perPaddedCharacterMs = 0.0045;
const fixedMs = 50;

export async function padding(bench: Bench): Promise<Report> {
  const contenders = bench.isQuick ? [core] : [core, ...peers];
  // Few dimensions: the server's work is what is asked about, not the client's.
  const plan = { dimensions: 128, latency: { fixedMs, slots, perPaddedCharacterMs } };
  const samples = await runRounds(bench, contenders, { plan, kind: "mixed", count: 5_000, warmUp: 1_000 });
  requireAll(samples);
  const work = ({ tally }: Sample) => tally.paddedCharacters / tally.characters;
  const makespan = ({ wallMs, tally }: Sample) =>
    wallMs / (fixedMs + (tally.characters * perPaddedCharacterMs) / slots);
  const rows = [...samples].map(([{ name }, taken]) => [
    name,
    show(spreadOf(taken.map(work))),
    show(spreadOf(taken.map(makespan))),
  ]);
  const ours = samples.get(core) ?? [];
  return {
    title: "Work that padding adds",
    method:
      "5,000 texts of lognormal lengths (about 220 characters, sigma 0.45) in random order. A request costs its longest text × its texts; 8 slots, 50 ms on the way; vectors of 128 dimensions. " +
      "Ideal: the characters alone, spread over all slots.",
    tables: [{ caption: "Padding", head: ["client", "work, × unpadded", "time, × ideal"], rows }],
    targets: [
      { what: "core, work × unpadded", limit: 1.05, figure: spreadOf(ours.map(work)).median },
      { what: "core, time × ideal", limit: 1.15, figure: spreadOf(ours.map(makespan)).median },
    ],
    rows: rowsOf("padding", {}, samples),
  };
}
