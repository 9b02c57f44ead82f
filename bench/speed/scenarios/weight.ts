/** What the packages weigh in a bundle, and what they cost to import. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Report, Row } from "../report.ts";
import type { Bench } from "../rounds.ts";
import { show, spreadOf } from "../statistics.ts";
import { weigh, weighed, weighPage } from "../weigh.ts";

/** From inside of the core's folder both names lead to what is published. */
const cwd = fileURLToPath(new URL("../../../packages/core/", import.meta.url));

export async function weight(bench: Bench): Promise<Report> {
  const weights = [];
  for (const { entry, aim } of weighed) weights.push({ entry, aim, bytes: await weigh(entry) });
  const page = await weighPage();
  const imports = { "together-ai": [] as number[], "@together-retrieval/core": [] as number[] };
  // Short and noisy: the first load of each is not counted.
  for (let round = -1; round < 4 * bench.rounds; round++) {
    for (const [name, taken] of Object.entries(imports)) {
      const ms = await importMs(name);
      if (round >= 0) taken.push(ms);
    }
  }
  const { "together-ai": theirs, "@together-retrieval/core": ours } = imports;
  const rows: Row[] = [
    ...weights.map((each) => ({ scenario: "weight", ...each })),
    { scenario: "weight", entry: "core in a page", bytes: page },
    ...Object.entries(imports).flatMap(([name, taken]) =>
      taken.map((importMs, round) => ({ scenario: "weight", module: name, round: round + 1, importMs })),
    ),
  ];
  return {
    title: "Weight",
    method:
      "Bundled and minified by esbuild, gzip level 9, without dependencies, hosts and, for the adapters, core. " +
      "Import: each time in a fresh process, `together-ai` included in core's.",
    tables: [
      {
        caption: "Bundle",
        head: ["entry", "bytes"],
        rows: [
          ...weights.map(({ entry, bytes }) => [entry, bytes]),
          ["core in a page, with its part of together-ai", page],
        ],
      },
      {
        caption: "Import",
        head: ["module", "ms"],
        rows: Object.entries(imports).map(([name, taken]) => [name, show(spreadOf(taken), 1)]),
      },
    ],
    targets: [
      ...weights.map(({ entry, aim, bytes }) => ({ what: entry, limit: aim, figure: bytes, unit: " bytes" })),
      {
        what: "import of core, × together-ai alone",
        limit: 1.3,
        figure: spreadOf(ours).median / spreadOf(theirs).median,
      },
    ],
    rows,
  };
}

async function importMs(name: string): Promise<number> {
  const program =
    "const start = performance.now();" +
    `await import(${JSON.stringify(name)});` +
    "console.log(performance.now() - start);";
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    cwd,
  });
  return Number(stdout);
}
