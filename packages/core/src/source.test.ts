import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { SourceReader } from "./source.ts";

/** A reader of a source that gives some items and then nothing, not even an end; and the groups that it handed out. */
async function readerOf(items: string[], onReturn: () => Promise<IteratorResult<string>>) {
  const groups: string[][] = [];
  const source: AsyncIterator<string> = {
    next: () => {
      const value = items.shift();
      return value === undefined ? new Promise(() => {}) : Promise.resolve({ done: false, value });
    },
    return: onReturn,
  };
  const reader = new SourceReader<string>(
    { [Symbol.asyncIterator]: () => source as AsyncIterator<string> & AsyncIterable<string> },
    { groupSize: 10, window: 100, onGroup: (group) => groups.push(group), isBusy: () => false },
  );
  void reader.readAll();
  // So many turns of microtasks that the items are read, and no timer has fired.
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  return { reader, groups };
}

const closed = async (): Promise<IteratorResult<string>> => ({ done: true, value: undefined });

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
