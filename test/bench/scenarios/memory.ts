/** The memory that many vectors take at their peak, and that an endless stream does not take. */
import { contender } from "../contenders.ts";
import type { Report } from "../report.ts";
import { type Bench, requireAll, rowsOf, runRounds, type Sample, type Samples } from "../rounds.ts";
import { show, spreadOf } from "../statistics.ts";

const float = contender("core", { encoding: "float" });
const base64 = contender("core", { encoding: "base64" });
const peerFloat = contender("langchain-openai", { encoding: "float" });
const peerBase64 = contender("langchain-openai");

const median = (taken: Sample[] | undefined, figure: (sample: Sample) => number) =>
  spreadOf((taken ?? []).map(figure)).median;
const peak = ({ peakRssMiB }: Sample) => peakRssMiB;

export async function memory(bench: Bench): Promise<Report> {
  const count = bench.isQuick ? 10_000 : 100_000;
  const streamed = bench.isQuick ? 20_000 : 1_000_000;
  const plan = { dimensions: 1024 };
  const together = await runRounds(bench, [float, base64, peerFloat, peerBase64], {
    plan,
    kind: "short",
    count,
    warmUp: 1_000,
  });
  requireAll(together);
  // A million texts are a million samples already.
  const stream = await runRounds({ ...bench, rounds: 1 }, [float, base64], {
    plan,
    kind: "short",
    count: streamed,
    work: "stream",
    warmUp: 1_000,
    longestMs: 1_800_000,
  });
  requireAll(stream);
  return {
    title: "Memory",
    method:
      `Peak RSS of the client's process for ${count.toLocaleString("en")} vectors of 1,024 dimensions in one call, ` +
      `which are ${Math.round((count * 8 * 1_024) / 2 ** 20)} MiB of numbers. And ${streamed.toLocaleString("en")} short texts through ` +
      "`embedStream`, each vector checked and dropped: what the process has after 10,000, and the most that it has beyond that later " +
      "(heap: at the end, after a collection).",
    tables: [
      {
        caption: `${count.toLocaleString("en")} vectors in one call`,
        head: ["client", "peak RSS, MiB"],
        rows: [...together].map(([{ name }, taken]) => [name, show(spreadOf(taken.map(peak)), 0)]),
      },
      streamTable(stream, streamed),
    ],
    targets: [
      {
        what: `${float.name}: peak RSS, × OpenAIEmbeddings float`,
        limit: 0.75,
        figure: median(together.get(float), peak) / median(together.get(peerFloat), peak),
      },
      {
        what: `${base64.name}: peak RSS, × OpenAIEmbeddings as it comes`,
        limit: 0.75,
        figure: median(together.get(base64), peak) / median(together.get(peerBase64), peak),
      },
      ...[...stream].flatMap(([{ name }, taken]) => [
        {
          what: `${name}: stream, growth of RSS`,
          limit: 64,
          figure: median(taken, ({ growth }) => growth?.rssGrowth ?? Number.NaN),
          unit: " MiB",
        },
        {
          what: `${name}: stream, growth of the heap`,
          limit: 64,
          figure: median(taken, ({ growth }) => growth?.heapGrowth ?? Number.NaN),
          unit: " MiB",
        },
      ]),
      {
        what: "core, base64: stream, peak RSS",
        limit: 200,
        figure: median(stream.get(base64), peak),
        unit: " MiB",
      },
    ],
    rows: [
      ...rowsOf("memory", { case: "one call" }, together),
      ...rowsOf("memory", { case: "stream" }, stream),
    ],
  };
}

function streamTable(stream: Samples, count: number) {
  return {
    caption: `${count.toLocaleString("en")} texts through embedStream, MiB`,
    head: ["client", "RSS at 10,000", "RSS growth", "peak RSS", "heap at 10,000", "heap growth"],
    rows: [...stream].map(([{ name }, taken]) => {
      const figure = (read: (sample: Sample) => number | undefined) =>
        show(spreadOf(taken.map((one) => read(one) ?? Number.NaN)), 1);
      return [
        name,
        figure(({ growth }) => growth?.rssAtFirst),
        figure(({ growth }) => growth?.rssGrowth),
        figure(peak),
        figure(({ growth }) => growth?.heapAtFirst),
        figure(({ growth }) => growth?.heapGrowth),
      ];
    }),
  };
}
