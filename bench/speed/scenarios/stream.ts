/** A million texts through `embedStream`: what the process grows by after the first ten thousand. */
import type { Growth } from "../client/task.ts";
import type { Contender } from "../contenders.ts";
import type { Report, Target } from "../report.ts";
import { type Bench, requireAll, rowsOf, runRounds } from "../rounds.ts";
import type { Sample } from "../sample.ts";

export async function stream(bench: Bench, contenders: Contender[]): Promise<Omit<Report, "title">> {
  const count = bench.isQuick ? 20_000 : 1_000_000;
  // A million texts are a million samples already.
  const samples = await runRounds({ ...bench, rounds: 1 }, contenders, {
    plan: { dimensions: 1024 },
    kind: "short",
    count,
    work: "stream",
    warmUp: 1_000,
    longestMs: 1_800_000,
  });
  requireAll(samples);
  const texts = `${count.toLocaleString("en")} short texts`;
  const each = [...samples].flatMap(([{ name, settings }, [only]]) =>
    only ? [{ name, settings, only }] : [],
  );
  return {
    method:
      `${texts} through \`embedStream\`, each vector checked and dropped: what the process has after 10,000, ` +
      "and the most that RSS grows beyond that (heap: at the end, after a collection). One run each.",
    tables: [
      {
        caption: `${texts} through embedStream, MiB`,
        head: ["client", "RSS at 10,000", "RSS growth", "peak RSS", "heap at 10,000", "heap growth"],
        rows: each.map(({ name, only }) => [name, ...figures(only).map((figure) => figure.toFixed(1))]),
      },
    ],
    targets: each.flatMap(({ settings: { encoding = "float" }, only }) => targets(encoding, only)),
    rows: rowsOf("memory", { case: "stream" }, samples),
  };
}

function growthOf({ growth }: Sample): Growth {
  if (!growth) throw new Error("A stream was measured without its growth");
  return growth;
}

function figures(sample: Sample): number[] {
  const { rssAtFirst, rssGrowth, heapAtFirst, heapGrowth } = growthOf(sample);
  return [rssAtFirst, rssGrowth, sample.peakRssMiB, heapAtFirst, heapGrowth];
}

function targets(encoding: string, sample: Sample): Target[] {
  const { rssGrowth, heapGrowth } = growthOf(sample);
  const whole = { what: "stream, base64: peak RSS", limit: 200, figure: sample.peakRssMiB, unit: " MiB" };
  return [
    { what: `stream, ${encoding}: growth of RSS`, limit: 64, figure: rssGrowth, unit: " MiB" },
    { what: `stream, ${encoding}: growth of the heap`, limit: 64, figure: heapGrowth, unit: " MiB" },
    ...(encoding === "base64" ? [whole] : []),
  ];
}
