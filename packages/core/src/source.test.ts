import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { type ReaderOptions, SourceReader } from "./source.ts";

type Step = IteratorResult<string>;

/** A reader of a source that gives some items and then what is asked for; and the groups that it handed out. */
async function readerOf(
  items: string[],
  onReturn?: () => Promise<Step>,
  options: Partial<ReaderOptions<string>> = {},
) {
  const groups: string[][] = [];
  let give = (_: Step) => {};
  const source: AsyncIterator<string> = {
    next: () => {
      const value = items.shift();
      if (value !== undefined) return Promise.resolve({ done: false, value });
      return new Promise((resolve) => {
        give = resolve;
      });
    },
    ...(onReturn && { return: onReturn }),
  };
  const reader = new SourceReader<string>(
    { [Symbol.asyncIterator]: () => source as AsyncIterator<string> & AsyncIterable<string> },
    { groupSize: 10, window: 100, onGroup: (group) => groups.push(group), isBusy: () => false, ...options },
  );
  const end = reader.readAll();
  await turns();
  return { reader, groups, end, give: (step: Step) => give(step) };
}

/** So many turns of microtasks that the items are read, and no timer has fired. */
async function turns() {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

const over: Step = { done: true, value: undefined };
const closed = async (): Promise<Step> => over;

test("a group that waits for a silent source is handed out when nothing else goes on", async () => {
  const { groups } = await readerOf(["a", "b"], closed);
  expect(groups).toEqual([]);
  await delay(5);
  expect(groups).toEqual([["a", "b"]]);
});

test("a closed reader hands out nothing more", async () => {
  const { reader, groups } = await readerOf(["a", "b"], closed);
  await reader.close({ wait: true });
  await delay(5);
  expect(groups).toEqual([]);
});

test("closing does not wait for a source that is silent", async () => {
  const { reader } = await readerOf(["a"], () => new Promise(() => {}));
  expect(await reader.close({ wait: true })).toBeUndefined();
});

test("a silent source that fails to close troubles nobody: vitest would report the rejection", async () => {
  const { reader } = await readerOf(["a"], () => Promise.reject(new Error("cannot close")));
  await reader.close({ wait: true });
  await delay(5);
});

test("what a source gives after it was closed is not handed out, nor what it gave before", async () => {
  for (const step of [{ done: false, value: "c" }, over]) {
    const { reader, groups, end, give } = await readerOf(["a", "b"], closed, { groupSize: 3 });
    await reader.close({ wait: true });
    give(step);
    await end;
    expect(groups).toEqual([]);
  }
});

test("a source that ends hands out what is left, and no empty group", async () => {
  for (const [items, expected] of [
    [
      ["a", "b", "c"],
      [["a", "b"], ["c"]],
    ],
    [["a", "b"], [["a", "b"]]],
  ] as const) {
    const { groups, end, give } = await readerOf([...items], closed, { groupSize: 2 });
    give(over);
    await end;
    expect(groups).toEqual(expected);
  }
});

test("a reader that waits for room stops when it is closed, and waits for the source to close", async () => {
  let hasClosed = false;
  const items = ["a", "b"];
  const slow = async () => {
    await delay(5);
    hasClosed = true;
    return over;
  };
  const { reader, end } = await readerOf(items, slow, { groupSize: 1, window: 1 });
  await reader.close({ wait: true });
  await end;
  expect(hasClosed).toBe(true);
  expect(items).toEqual(["b"]);
});

test("a source need not have a way to close", async () => {
  const { reader } = await readerOf(["a"]);
  expect(await reader.close({ wait: true })).toBeUndefined();
});

test("a group waits on if work has begun before its timer", async () => {
  let isBusy = false;
  const { groups } = await readerOf(["a"], closed, { isBusy: () => isBusy });
  isBusy = true;
  await delay(5);
  expect(groups).toEqual([]);
});
