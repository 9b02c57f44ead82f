import { getEventListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { runBatches } from "./run-batches.ts";

/** Batches that note when they are made. */
function* numbered(count: number, made: number[]) {
  for (let batch = 0; batch < count; batch++) {
    made.push(batch);
    yield batch;
  }
}

const never = () => new Promise<never>(() => {});

describe("batches", () => {
  it("are made when another has started: two wait, however many there are", async () => {
    const made: number[] = [];
    const starts: (() => void)[] = [];
    const stop = new AbortController();
    const run = runBatches(numbered(10, made), stop.signal, (_, signal, onStart) => {
      starts.push(onStart);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    expect(made).toEqual([0, 1]);
    starts[0]?.();
    starts[0]?.();
    expect(made).toEqual([0, 1, 2]);
    starts[2]?.();
    expect(made).toEqual([0, 1, 2, 3]);
    stop.abort("enough");
    await expect(run).rejects.toBe("enough");
    starts[1]?.();
    expect(made, "nothing new after an abort").toHaveLength(4);
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  });

  it("all run to their end, whether they call `onStart` or not", async () => {
    for (const count of [0, 1, 2, 3, 10]) {
      for (const share of [0, 1, 2]) {
        const done: number[] = [];
        await runBatches(numbered(count, []), undefined, async (batch, _, onStart) => {
          if (batch % 2 < share) onStart();
          for (let turns = batch % 3; turns > 0; turns--) await turn();
          done.push(batch);
        });
        expect(done.sort((a, b) => a - b)).toEqual([...Array(count).keys()]);
      }
    }
  });

  it("stop the others at the first failure, which is the rejection", async () => {
    const made: number[] = [];
    const stopped: unknown[] = [];
    const work = async (batch: number, signal: AbortSignal, onStart: () => void) => {
      onStart();
      if (batch === 1) throw new Error("the first");
      signal.addEventListener("abort", () => stopped.push((signal.reason as Error).message));
      await never();
    };
    await expect(runBatches(numbered(3, made), undefined, work)).rejects.toThrow("the first");
    expect(stopped).toEqual(["the first", "the first"]);
  });

  it("that cannot be made end the run like a failure, and stop those on their way", async () => {
    let reason: unknown;
    function* broken() {
      yield 0;
      yield 1;
      throw new TypeError("not a text");
    }
    const run = runBatches(broken(), undefined, async (_, signal, onStart) => {
      signal.addEventListener("abort", () => {
        reason = signal.reason;
      });
      await turn();
      onStart();
      await never();
    });
    await expect(run).rejects.toThrow("not a text");
    expect(reason).toBeInstanceOf(TypeError);
  });
});
