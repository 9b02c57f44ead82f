/** `npm run bench`: which scenarios, how long -> tables on the screen, and pages in docs/benchmarks. */
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { buildPrograms } from "./build.ts";
import { installPeers } from "./install-peers.ts";
import { describeMachine } from "./machine.ts";
import { type Report, targetTable } from "./report.ts";
import { writeResults } from "./results.ts";
import type { Bench } from "./rounds.ts";
import { cpu } from "./scenarios/cpu.ts";
import { limits } from "./scenarios/limits.ts";
import { loop } from "./scenarios/loop.ts";
import { memory } from "./scenarios/memory.ts";
import { padding } from "./scenarios/padding.ts";
import { queries } from "./scenarios/queries.ts";
import { rerank } from "./scenarios/rerank.ts";
import { wall } from "./scenarios/wall.ts";
import { weight } from "./scenarios/weight.ts";
import { startServer } from "./server.ts";
import { plainTable } from "./table.ts";

const scenarios: Record<string, (bench: Bench) => Promise<Report>> = {
  cpu,
  wall,
  limits,
  padding,
  memory,
  loop,
  rerank,
  queries,
  weight,
};
const names = Object.keys(scenarios);
const docs = fileURLToPath(new URL("../../docs/benchmarks/", import.meta.url));

interface Options {
  quick: boolean;
  only: string[];
  rounds?: number;
  out?: string;
}

const command = new Command("bench")
  .description("Measures ours and the peers side by side, against a server in a process of its own.")
  .option("--quick", "small jobs, few peers, two rounds, no pages: under a minute", false)
  .option("--only <scenarios>", `some of ${names.join(",")}`, readNames, names)
  .option("--rounds <count>", "how many samples of each (default: 5, quick: 2)", readCount)
  .option("--out <folder>", "where pages, charts and rows go (default: docs/benchmarks, quick: nowhere)");

function readNames(value: string): string[] {
  const chosen = value.split(",");
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${names.join(", ")}.`);
  return chosen;
}

function readCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("Expected an integer from 1 up.");
  return count;
}

const {
  quick,
  only,
  rounds = quick ? 2 : 5,
  out = quick ? undefined : docs,
} = command.parse().opts<Options>();
installPeers();
await buildPrograms();
const about = {
  command: ["npm run bench", ...(process.argv.length > 2 ? ["--", ...process.argv.slice(2)] : [])].join(" "),
  machine: await describeMachine(),
};
const isTerminal = process.stderr.isTTY;
const server = await startServer();
try {
  for (const name of only) {
    const scenario = scenarios[name];
    if (!scenario) continue;
    const startedAt = performance.now();
    const say = (words: string) => {
      if (isTerminal) console.error(`${name}: ${words}`);
    };
    const report = await scenario({ server, rounds, isQuick: quick, say });
    console.log(`\n== ${report.title} ==\n`);
    for (const table of [...report.tables, targetTable(report.targets)])
      console.log(`${plainTable(table)}\n`);
    console.log(`${name} took ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
    if (out) await writeResults(out, name, report, about);
  }
} finally {
  server.stop();
}
