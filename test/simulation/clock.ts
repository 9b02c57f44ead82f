/** Work -> its outcome, in simulated time with chosen random numbers. For tests with vitest's fake timers. */
import { vi } from "vitest";

/** The same random numbers in every run of the test. */
export function seedRandom(seed: number): void {
  let state = seed;
  vi.spyOn(Math, "random").mockImplementation(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}

export async function simulate<Outcome>(work: () => Promise<Outcome>, seed: number): Promise<Outcome> {
  seedRandom(seed);
  const running = work();
  let isOver = false;
  void running.then(() => {
    isOver = true;
  });
  for (let minute = 0; minute < 30 && !isOver; minute++) await vi.advanceTimersByTimeAsync(60_000);
  if (!isOver) throw new Error("The job has not ended after half an hour of simulated time");
  return running;
}
