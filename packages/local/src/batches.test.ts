import { describe, expect, test } from "vitest";
import { Batches, type Task } from "./batches.ts";

/** A model with two states a token that notes its batches and waits at each until it is let on. */
function slowModel() {
  const seen: number[][] = [];
  const gates: (() => void)[] = [];
  const batches = new Batches({
    dimensions: 2,
    states: async (batch) => {
      seen.push(batch.map((ids) => ids[0] ?? 0));
      await new Promise<void>((resolve) => gates.push(resolve));
      const longest = Math.max(...batch.map((ids) => ids.length));
      const states = new Float32Array(batch.length * longest * 2);
      for (const [row, ids] of batch.entries()) {
        states.fill(ids[0] ?? 0, row * longest * 2, (row + 1) * longest * 2);
      }
      return { states, longest };
    },
  });
  const letOn = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    gates.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { batches, seen, letOn };
}

/** A text of `length` tokens, all of them `name`; what was taken of it stands in `taken`. */
function text(name: number, length: number, taken: Map<number, number[]> = new Map()): Task {
  return { ids: new Array(length).fill(name), take: (states) => taken.set(name, [...states]) };
}

const never = new AbortController().signal;

describe("batches", () => {
  test("hold texts of like length, the longest first", async () => {
    const { batches, seen, letOn } = slowModel();
    const done = batches.run([text(1, 10), text(2, 100), text(3, 9), text(4, 90)], never);
    for (let i = 0; i < 2; i++) await letOn();
    await done;
    expect(seen).toEqual([
      [2, 4],
      [1, 3],
    ]);
  });

  test("give each text its own states, without the padding", async () => {
    const { batches, letOn } = slowModel();
    const taken = new Map<number, number[]>();
    const done = batches.run([text(7, 4, taken), text(8, 3, taken)], never);
    await letOn();
    await done;
    expect(taken.get(7)).toEqual(new Array(8).fill(7));
    expect(taken.get(8)).toEqual(new Array(6).fill(8));
  });

  test("are never larger than 1,024 padded tokens or 32 texts", async () => {
    const { batches, seen, letOn } = slowModel();
    const texts = [
      ...Array.from({ length: 9 }, (_, i) => text(i, 256)),
      ...Array.from({ length: 40 }, () => text(99, 5)),
    ];
    const done = batches.run(texts, never);
    for (let i = 0; i < 5; i++) await letOn();
    await done;
    expect(seen.map((batch) => batch.length)).toEqual([4, 4, 1, 32, 8]);
  });

  test("take texts of all requests in turn, so that a small one does not wait for a large one", async () => {
    const { batches, seen, letOn } = slowModel();
    const large = batches.run(
      Array.from({ length: 40 }, () => text(1, 256)),
      never,
    );
    const small = batches.run([text(2, 3)], never);
    for (let i = 0; i < 2; i++) await letOn();
    await small;
    expect(seen[1]).toEqual([2]);
    for (let i = 0; i < 10; i++) await letOn();
    await large;
  });

  test("are shared by requests whose texts are alike", async () => {
    const { batches, seen, letOn } = slowModel();
    const first = batches.run([text(0, 8)], never);
    const others = [1, 2, 3].map((name) => batches.run([text(name, 8)], never));
    for (let i = 0; i < 2; i++) await letOn();
    await Promise.all([first, ...others]);
    expect(seen).toEqual([[0], [1, 2, 3]]);
  });

  test("drop the texts of a request that was given up", async () => {
    const { batches, seen, letOn } = slowModel();
    const controller = new AbortController();
    const given = batches.run(
      Array.from({ length: 40 }, () => text(1, 256)),
      controller.signal,
    );
    controller.abort(new Error("given up"));
    await expect(given).rejects.toThrow("given up");
    for (let i = 0; i < 3; i++) await letOn();
    expect(seen).toHaveLength(1);
  });

  test("that fail fail their requests alone", async () => {
    let calls = 0;
    const batches = new Batches({
      dimensions: 1,
      states: async () => {
        if (calls++ === 0) throw new Error("broken");
        return { states: new Float32Array(4), longest: 4 };
      },
    });
    await expect(batches.run([text(1, 4)], never)).rejects.toThrow("broken");
    await expect(batches.run([text(1, 4)], never)).resolves.toBeUndefined();
  });
});
