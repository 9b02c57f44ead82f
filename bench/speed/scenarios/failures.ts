/** A job while one request in ten is answered 503, beside the same job undisturbed. */
import type { Contender } from "../contenders.ts";
import type { Report } from "../report.ts";
import { type Bench, rowsOf, runRounds } from "../rounds.ts";
import { show, spreadOf } from "../statistics.ts";
import { latency } from "./wall.ts";

export async function failures(
  bench: Bench,
  contenders: Contender[],
  count: number,
): Promise<Pick<Report, "tables" | "targets" | "rows">> {
  const work = { kind: "short", count, warmUp: 320, longestMs: 20_000 } as const;
  const plan = { dimensions: 64, latency };
  const quiet = await runRounds(bench, contenders, { ...work, plan });
  const disturbed = await runRounds(bench, contenders, { ...work, plan: { ...plan, failShare: 0.1 } });
  const ratios = new Map(
    contenders.map((each) => {
      const undisturbed = spreadOf((quiet.get(each) ?? []).map(({ wallMs }) => wallMs)).median;
      return [each, spreadOf((disturbed.get(each) ?? []).map(({ wallMs }) => wallMs / undisturbed))];
    }),
  );
  const rows = [...disturbed].map(([each, taken]) => {
    const ratio = ratios.get(each);
    return [
      each.name,
      ratio && taken.every(({ error }) => !error) ? show(ratio) : "–",
      `${show(spreadOf(taken.map(({ tally }) => (100 * tally.failed) / tally.requests)), 1)} %`,
      show(spreadOf(taken.map(({ returned }) => returned)), 0),
      taken
        .find(({ error }) => error)
        ?.error?.split("\n")[0]
        ?.slice(0, 80) ?? "",
    ];
  });
  const [ours] = contenders;
  const taken = (ours && disturbed.get(ours)) ?? [];
  const name = "one request in ten answered 503";
  return {
    tables: [
      {
        caption: `${name}, 50 ms + 1 ms a text, 8 slots`,
        head: [
          "client",
          "× its own undisturbed time",
          "answered 503",
          `vectors of ${count.toLocaleString("en")}`,
          "failure",
        ],
        rows,
      },
    ],
    targets: [
      {
        what: `${name}: × undisturbed`,
        limit: 2,
        figure: (ours && ratios.get(ours)?.median) ?? Number.NaN,
      },
      {
        what: `${name}: vectors returned`,
        limit: count,
        figure: spreadOf(taken.map(({ returned }) => returned)).least,
        atLeast: true,
      },
    ],
    rows: [
      ...rowsOf("limits", { case: "undisturbed" }, quiet),
      ...rowsOf("limits", { case: name }, disturbed),
    ],
  };
}
