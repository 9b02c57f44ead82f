/** command line -> a running server, one line that says where, and a clean end on Ctrl-C; or the check of another server */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Command, InvalidArgumentError, Option } from "commander";
import { check, shown } from "./check.ts";
import type { Faults } from "./faults.ts";
import type { LogStyle } from "./log.ts";
import { isLoopback } from "./options.ts";
import { startLocalServer } from "./server.ts";
import type { WireName } from "./wire.ts";
import { wires } from "./wires.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

interface Flags {
  port: number;
  host: string;
  modelDir?: string;
  dimensions?: number;
  wire: WireName;
  faults?: Faults;
  log: LogStyle;
}

const program = new Command("together-local")
  .description("Together AI's embeddings, rerank and chat routes on your own machine: no key, no network.")
  .option("--port <number>", "port to listen on; 0 takes a free one", wholeNumber, 8123)
  .option("--host <address>", "address to listen on; others than loopback need a key", "127.0.0.1")
  .option("--model-dir <folder>", "a sentence-transformers ONNX folder instead of all-MiniLM-L6-v2")
  .option("--dimensions <number>", "pad vectors with zeros to this length", wholeNumber)
  .addOption(
    new Option("--wire <server>", "whose paths, limits, errors and scores to answer with")
      .choices(Object.keys(wires))
      .default("together"),
  )
  .option("--faults <file>", "misbehave as this JSON file says; opens /_faults and /_requests", jsonFile)
  .addOption(
    new Option("--log <style>", "a line on stderr for each request")
      .choices(["json", "pretty", "silent"])
      .default("silent"),
  )
  .version(version)
  .addHelpText(
    "after",
    "\nOn an address that is not loopback, clients must send the key in TOGETHER_API_KEY, or, if it is not set,\na new one that is shown at the start.",
  )
  .showSuggestionAfterError(false)
  .action(serve);

program
  .command("check <url>")
  .description(
    "Ask a running server what it does: order, base64, limits, errors, rankings. Prints the options to write.",
  )
  .requiredOption("--model <id>", "the embedding model")
  .option("--rerank-model <id>", "the reranker; without one, ranking is not asked for")
  .option(
    "--key <key>",
    "sent as the API key, and never shown; else the one in TOGETHER_API_KEY, if it is set",
  )
  .action(checkServer);

await program.parseAsync().catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

async function serve(flags: Flags): Promise<void> {
  const server = await startLocalServer({ ...flags, ...keyFor(flags.host) });
  const model = flags.modelDir ?? "all-MiniLM-L6-v2";
  // Only once: a second Ctrl-C ends the process at once, without waiting for requests in flight.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
  // Printed last, when the handlers for Ctrl-C are in place.
  const where = isLoopback(flags.host) ? server.url : `${flags.host}:${server.port}, here ${server.url}`;
  console.log(`Listening on ${where} · ${model} answers every model id · Ctrl-C stops it`);
}

interface CheckFlags {
  model: string;
  rerankModel?: string;
  key?: string;
}

/** The exit code is 2 where a promise cannot be kept with this server. */
async function checkServer(url: string, flags: CheckFlags): Promise<void> {
  const report = await check(url, {
    ...flags,
    key: flags.key ?? (process.env.TOGETHER_API_KEY?.trim() || undefined),
  });
  console.log(shown(report));
  if (report.broken.length > 0) process.exitCode = 2;
}

/** On loopback no key is needed. Elsewhere the key comes from the environment, or a new one is made. */
function keyFor(host: string): { apiKey?: string } {
  if (isLoopback(host)) return {};
  const given = process.env.TOGETHER_API_KEY?.trim();
  const apiKey = given || randomBytes(18).toString("base64url");
  const which = given ? "the key in TOGETHER_API_KEY" : `the key ${apiKey}`;
  console.error(`warning: others can reach ${host}; clients must send ${which}`);
  return { apiKey };
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
  return Number(text);
}

function jsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "It is not JSON." : "It cannot be read.";
    throw new InvalidArgumentError(why);
  }
}
