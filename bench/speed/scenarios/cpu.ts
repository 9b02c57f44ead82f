/** What a vector costs the client's processor, float and base64, as ratios to the floor. */
import { type Contender, contender } from "../contenders.ts";
import type { Chart, Report, Target } from "../report.ts";
import { type Bench, requireAll, rowsOf, runRounds, type Samples } from "../rounds.ts";
import type { Sample } from "../sample.ts";
import { type Spread, show, spreadOf } from "../statistics.ts";

const same = { batchSize: 100, concurrency: 8 };

const floor = contender("floor", same);
const float = {
  core: contender("core", { ...same, encoding: "float" }),
  langchain: contender("langchain", { ...same, encoding: "float" }),
  llamaindex: contender("llamaindex", { ...same, encoding: "float" }),
};
const base64 = {
  core: contender("core", { ...same, encoding: "base64" }),
  langchain: contender("langchain", { ...same, encoding: "base64" }),
  llamaindex: contender("llamaindex", { ...same, encoding: "base64" }),
};
// If base64 is asked for explicitly, this client returns undecoded strings. By default it asks for base64 and decodes it.
const closePeers = [contender("together-ai", same), contender("langchain-openai", same)];
const otherPeers = [
  contender("langchain-openai", { ...same, encoding: "float" }),
  contender("langchain-openai"),
  contender("llamaindex-together"),
  contender("llamaindex-together", { batchSize: 100 }),
  contender("langchain-togetherai"),
  contender("ai-sdk"),
];

export async function cpu(bench: Bench): Promise<Report> {
  const contenders = bench.isQuick
    ? [floor, float.core, float.langchain, base64.core, ...closePeers]
    : [floor, ...Object.values(float), ...Object.values(base64), ...closePeers, ...otherPeers];
  const count = bench.isQuick ? 3_000 : 20_000;
  const warmUp = bench.isQuick ? 1_000 : 4_000;
  const samples = await runRounds(bench, contenders, {
    plan: { dimensions: 1024 },
    kind: "short",
    count,
    warmUp,
  });
  requireAll(samples);
  const ratios = new Map(contenders.map((each) => [each, ratioToFloor(samples, each)]));
  const rows = contenders.map((each) => {
    const microseconds = spreadOf(taken(samples, each).map(perVector));
    return [each.name, encodingOf(samples, each), show(ratios.get(each) as Spread), show(microseconds, 1)];
  });
  return {
    title: "Processor time of the client for each vector",
    method:
      `${count.toLocaleString("en")} short texts, vectors of 1,024 dimensions, a server that answers at once. ` +
      `Processor time of the whole client process, after ${warmUp.toLocaleString("en")} texts of warm-up. ` +
      "The ratio is to the floor of the same round: `undici` with kept-alive connections and `JSON.parse`, batches of 100, 8 at a time.",
    tables: [{ caption: "Processor time", head: ["client", "answers in", "× floor", "µs a vector"], rows }],
    targets: targets(ratios, samples),
    chart: chart(ratios, samples),
    rows: rowsOf("cpu", {}, samples),
  };
}

function taken(samples: Samples, each: Contender): Sample[] {
  return samples.get(each) ?? [];
}

/** Microseconds. */
function perVector({ cpuMs, returned }: Sample): number {
  return (1_000 * cpuMs) / returned;
}

function ratioToFloor(samples: Samples, each: Contender): Spread {
  const floors = taken(samples, floor).map(perVector);
  return spreadOf(taken(samples, each).map((one, round) => perVector(one) / (floors[round] ?? Number.NaN)));
}

/** What it asked for, whatever its settings say. */
function encodingOf(samples: Samples, each: Contender): string {
  return taken(samples, each).some(({ tally }) => tally.base64 > 0) ? "base64" : "float";
}

function targets(ratios: Map<Contender, Spread>, samples: Samples): Target[] {
  const ratio = (each: Contender) => ratios.get(each)?.median ?? Number.NaN;
  const bestPeer = (encoding: string) =>
    Math.min(
      ...[...ratios.keys()]
        .filter((each) => !each.isOurs && each !== floor && encodingOf(samples, each) === encoding)
        .map(ratio),
    );
  return [
    // Floats are only the fallback, and cost as much as with other clients.
    { what: "core, float, × floor", limit: 1.25, figure: ratio(float.core) },
    { what: "core, base64, × floor", limit: 0.6, figure: ratio(base64.core) },
    { what: "LangChain, base64, × floor", limit: 0.6, figure: ratio(base64.langchain) },
    { what: "LlamaIndex, base64, × floor", limit: 0.6, figure: ratio(base64.llamaindex) },
    { what: "core, float, × the best peer", limit: 1, figure: ratio(float.core) / bestPeer("float") },
    { what: "core, base64, × the best peer", limit: 1, figure: ratio(base64.core) / bestPeer("base64") },
  ];
}

function chart(ratios: Map<Contender, Spread>, samples: Samples): Chart {
  return {
    title: "Client processor time for each vector",
    unit: "× the floor (less is better)",
    bars: [...ratios].map(([each, { median, least, most }]) => ({
      name: each.name + (each.settings.encoding ? "" : `, ${encodingOf(samples, each)}`),
      value: median,
      least,
      most,
      group: each === floor ? "floor" : each.isOurs ? "ours" : "others",
    })),
  };
}
