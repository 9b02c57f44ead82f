/** `npm run test:ingest`: real processes, a real Redis and Postgres, and what goes wrong with them; an argument chooses by name */
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

const scenarios: Record<string, (field: Field) => Promise<string>> = {
  ...{ refusals, lost, terminal, together, stopping, workers, chaos, limits, scaling },
};
const part = process.argv[2] ?? "";
let [passed, failed] = [0, 0];

for (const [name, scenario] of Object.entries(scenarios).filter(([name]) => name.includes(part))) {
  const startedAt = performance.now();
  const field = await Field.open();
  const tell = (words: string) =>
    console.log(
      `${name.padEnd(9)} ${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s  ${words}`,
    );
  try {
    tell(await scenario(field));
    passed++;
  } catch (error) {
    tell(`FAILED ${error instanceof Error ? error.stack : String(error)}`);
    failed++;
  } finally {
    await field.close();
  }
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
if (failed > 0) process.exitCode = 1;
