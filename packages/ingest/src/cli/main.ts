/** The command line -> a call of the library. A failure is one line on standard error and an exit code. */
import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { explain, oneLine } from "../explain.ts";
import { exitCodes, IngestError } from "../ingest-error.ts";
import { commands } from "./commands.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

const program = new Command("together-ingest")
  .description("From files to a searchable pgvector index, on one machine or many.")
  .version(version)
  .addHelpText("after", "\nThe key comes from TOGETHER_API_KEY, the address from TOGETHER_BASE_URL.");

for (const command of commands()) {
  program.addCommand(command.exitOverride().showSuggestionAfterError(false));
}

try {
  await program.exitOverride().parseAsync();
} catch (error) {
  process.exitCode = endOf(error);
}

/** Tells what went wrong, if that is not done. @returns the exit code */
function endOf(error: unknown): number {
  // Commander has printed its message already. Help and version are not errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  const explained = explain(error);
  if (explained instanceof IngestError) {
    console.error(`error: ${oneLine(explained.message)}`);
    return explained.exitCode;
  }
  console.error(explained);
  return exitCodes.failure;
}
