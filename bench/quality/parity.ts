/** rankings of several doors -> one line that they agree, or an error that says where they do not */
import type { Collection } from "./found.ts";
import { mean } from "./metrics.ts";
import { metricNames, type Rankings, scoresOf } from "./scores.ts";

/** @throws Error naming the first number that differs */
export function compareDoors(collection: Collection, byDoor: Record<string, Rankings>): string {
  const [[firstName, first] = ["", {}], ...others] = Object.entries(byDoor);
  let numbers = 0;
  for (const [name, rankings] of Object.entries(first)) {
    const scores = scoresOf(collection, rankings);
    for (const [otherName, other] of others) {
      const otherScores = scoresOf(collection, other[name] ?? []);
      for (const metric of metricNames) {
        const [one, two] = [mean(scores[metric]), mean(otherScores[metric])];
        // The doors add up a cosine in their own order, so that the last bits of two scores may differ.
        if (!(Math.abs(one - two) < 1e-9)) {
          throw new Error(`${metric} of ${name} is ${one} through ${firstName}, ${two} through ${otherName}`);
        }
        numbers++;
      }
    }
  }
  return `${numbers} numbers through ${Object.keys(byDoor).join(", ")}: all equal`;
}
