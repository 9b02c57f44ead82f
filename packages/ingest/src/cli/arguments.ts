/** the words of a command line -> numbers, checked; and the flags that several commands share */
import { Command, InvalidArgumentError } from "commander";
import { IngestError } from "../ingest-error.ts";

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
  return Number(text);
}

export function positiveNumber(text: string): number {
  const number = Number(text);
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError("Expected a number above 0.");
  return number;
}

export function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // No JSON: said below.
  }
  throw new InvalidArgumentError("Expected a JSON object.");
}

/** A command on an index: where it is, and how its results are told. */
export function indexCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .requiredOption("--to <place>", "the index: a folder, or postgres://user:password@host:port/database")
    .option("--schema <name>", "the schema that holds the index's tables", "retrieval")
    .option("--json", "lines of JSON, as without a terminal");
}

export interface IndexFlags {
  to: string;
  schema: string;
  json?: boolean;
}

/** People get words, programs get JSON. */
export function wantsJson({ json }: { json?: boolean }): boolean {
  return json === true || !process.stdout.isTTY;
}

/** Aborted by the first Ctrl-C or SIGTERM; the second one ends the process as it would without this. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      console.error("Stopping: what is on its way is waited for and written. Once more to stop at once.");
      stop.abort(new IngestError("stopped", "Stopped"));
    });
  }
  return stop.signal;
}
