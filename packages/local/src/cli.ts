/** command line -> a running server, one line that says where, and a clean end on Ctrl-C */
import { createRequire } from "node:module";
import { Command, InvalidArgumentError } from "commander";
import { startLocalServer } from "./server.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

const command = new Command("together-local")
  .description("Together AI's embeddings, rerank and chat routes on your own machine: no key, no network.")
  .option("--port <number>", "port to listen on; 0 takes a free one", wholeNumber, 8123)
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--model-dir <folder>", "a sentence-transformers ONNX folder instead of all-MiniLM-L6-v2")
  .version(version)
  .showSuggestionAfterError(false)
  .parse();

try {
  const server = await startLocalServer(command.opts());
  console.log(`Listening on ${server.url} · all-MiniLM-L6-v2 answers every model id · Ctrl-C stops it`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
  return Number(text);
}
