/** two scores a query -> the interval that the mean of their differences lies in */
import { mean } from "./metrics.ts";

/** The 95 % percentile interval of the mean, over resamples of the queries. Equal input gives equal output. */
export function pairedInterval(differences: readonly number[], resamples = 10_000): [number, number] {
  const random = randomNumbers(1);
  const means = Array.from({ length: resamples }, () =>
    mean(differences.map(() => differences[Math.floor(random() * differences.length)] as number)),
  ).sort((a, b) => a - b);
  const at = (share: number) => means[Math.round(share * (resamples - 1))] as number;
  return [at(0.025), at(0.975)];
}

/** Numbers from 0 to 1, the same ones for the same seed: mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
