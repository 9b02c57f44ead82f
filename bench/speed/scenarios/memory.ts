/** The memory that many vectors in one call take at their peak; and an endless stream. */
import { contender } from "../contenders.ts";
import type { Report } from "../report.ts";
import { type Bench, requireAll, rowsOf, runRounds } from "../rounds.ts";
import type { Sample } from "../sample.ts";
import { show, spreadOf } from "../statistics.ts";
import { stream } from "./stream.ts";

const float = contender("core", { encoding: "float" });
const base64 = contender("core", { encoding: "base64" });
const peerFloat = contender("langchain-openai", { encoding: "float" });
const peerBase64 = contender("langchain-openai");

export async function memory(bench: Bench): Promise<Report> {
  const count = bench.isQuick ? 10_000 : 100_000;
  const contenders = bench.isQuick ? [base64, peerBase64] : [float, base64, peerFloat, peerBase64];
  const work = { plan: { dimensions: 1024 }, kind: "short", count, warmUp: 1_000 } as const;
  const samples = await runRounds(bench, contenders, work);
  requireAll(samples);
  const peaks = new Map([...samples].map(([each, taken]) => [each, spreadOf(taken.map(peak))] as const));
  const median = (each: typeof float) => peaks.get(each)?.median ?? Number.NaN;
  const streamed = await stream(bench, bench.isQuick ? [base64] : [float, base64]);
  const vectors = `${count.toLocaleString("en")} vectors`;
  const numbers = `${Math.round((count * 8 * 1_024) / 2 ** 20)} MiB of numbers`;
  return {
    title: "Memory",
    method: `Peak RSS of the client's process for ${vectors} of 1,024 dimensions in one call, which are ${numbers}. ${streamed.method}`,
    tables: [
      {
        caption: `${vectors} in one call`,
        head: ["client", "peak RSS, MiB"],
        rows: [...peaks].map(([{ name }, spread]) => [name, show(spread, 0)]),
      },
      ...streamed.tables,
    ],
    targets: [
      {
        what: `${vectors}, float: peak RSS of core × that of OpenAIEmbeddings`,
        limit: 0.75,
        figure: median(float) / median(peerFloat),
      },
      {
        what: `${vectors}, base64: peak RSS of core × that of OpenAIEmbeddings`,
        limit: 0.75,
        figure: median(base64) / median(peerBase64),
      },
      ...streamed.targets,
    ],
    rows: [...rowsOf("memory", { case: "one call" }, samples), ...streamed.rows],
  };
}

function peak({ peakRssMiB }: Sample): number {
  return peakRssMiB;
}
