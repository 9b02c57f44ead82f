/** Seeds -> what became of each case, and where it misses its aim. */
import { cases } from "./cases.ts";
import { simulate } from "./clock.ts";
import { type Case, run } from "./run.ts";

export const seeds = [1, 2, 3, 4, 5, 6];

export const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** What a case came to, over all seeds. */
export async function outcome({ job, idealMs }: Case) {
  const results: Awaited<ReturnType<typeof run>>[] = [];
  for (const seed of seeds) results.push(await simulate(() => run(job()), seed));
  const times = results.map(({ makespanMs }) => makespanMs / idealMs);
  return {
    time: mean(times),
    worst: Math.max(...times),
    refused: mean(results.map((result) => result.refused / job().requests)),
    later: Math.max(...results.map(({ refusedAt }) => refusedAt.filter((at) => at > 1_000).length)),
    lost: Math.max(...results.map((result) => result.lost)),
  };
}

/** Where a case misses its aims, with its figures. */
export async function missed(one: Case): Promise<string | undefined> {
  const { time, refused, later, lost } = await outcome(one);
  const isMissed =
    time >= one.makespan || refused >= one.refused || later > (one.refusedLater ?? later) || lost > 0;
  if (!isMissed) return undefined;
  return `${time.toFixed(3)} of ${one.makespan}, ${refused.toFixed(3)} of ${one.refused}, ${lost} lost: ${one.name}`;
}

/** The first case that misses an aim: of all, or of those with this name. */
export async function firstMissed(name?: string): Promise<string | undefined> {
  for (const one of cases.filter((other) => name === undefined || other.name === name)) {
    const found = await missed(one);
    if (found) return found;
  }
  return undefined;
}
