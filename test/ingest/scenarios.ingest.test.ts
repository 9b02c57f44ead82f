/** Ingest as real processes, with a real Redis and Postgres, and what goes wrong with them. Each test prints its figures. */
import { expect, test } from "vitest";
import { chaos } from "./chaos.ts";
import { Field } from "./field.ts";
import { limits } from "./limits.ts";
import { lost } from "./lost.ts";
import { refusals } from "./refusals.ts";
import { scaling } from "./scaling.ts";
import { stopping } from "./stopping.ts";
import { terminal } from "./terminal.ts";
import { together } from "./together.ts";
import { workers } from "./workers.ts";

test.for<[name: string, promise: string, scenario: (field: Field) => Promise<string>]>([
  [
    "refusals",
    "a mistake of the user's is answered by one clear line, and the index stays as it was",
    refusals,
  ],
  ["lost", "a transaction whose connection ends is done again from its beginning", lost],
  ["terminal", "`add` on a terminal shows share, rate, tokens, cost and time left", terminal],
  ["together", "two runs over the same records leave each record its row", together],
  ["stopping", "a worker that is told to stop finishes its jobs, and a watch sees them all", stopping],
  ["workers", "a worker ends with the right exit code, whatever happens to it", workers],
  ["chaos", "kills, restarts and a failing API lose no row and change none", chaos],
  ["limits", "workers that share an account's limit are refused no request", limits],
  ["scaling", "more workers are faster in proportion", scaling],
])("%s: %s", async ([name, , scenario]) => {
  const field = await Field.open();
  try {
    const figures = await scenario(field);
    expect(figures).not.toBe("");
    console.log(`${name}: ${figures}`);
  } finally {
    await field.close();
  }
});
