import { describe, expect, it } from "vitest";
import { TogetherApiError } from "./errors.ts";
import { Halving } from "./halving.ts";

const { signal } = new AbortController();

interface Item {
  at: number;
  bytes: number;
}

const itemsOf = (count: number): Item[] => Array.from({ length: count }, (_, at) => ({ at, bytes: 1 }));

const refusal = (status: number) =>
  new TogetherApiError("refused", {
    ...{ status, code: null, type: null, param: null, requestId: undefined, retryable: false },
  });

/** Requests beyond the first that it takes to find the culprit among `count` items, and whether all others passed. */
async function search(count: number, culprit: number, status: number, keepsOn: boolean) {
  let requests = 0;
  const passed = new Set<number>();
  const refused: number[] = [];
  const halving = new Halving<Item>({
    send: async (items) => {
      requests++;
      if (items.some(({ at }) => at === culprit)) throw refusal(status);
      for (const { at } of items) passed.add(at);
    },
    mayBeOneItem: () => true,
    refuse: ({ at }, error) => {
      refused.push(at);
      if (!keepsOn) throw error;
    },
  });
  await halving.run(itemsOf(count), signal).catch(() => {});
  return { extra: requests - 1, passed: passed.size, refused };
}

/** Powers of two, their neighbours, and what lies between. */
const counts = [1, 2, 3, 4, 5, 6, 7, 11, 16, 25, 31, 32, 33, 50, 64, 65, 96, 97, 100, 128];

describe("halving", () => {
  it("finds a refused item within 2·log2 requests more, wherever it stands in a batch of any size", async () => {
    for (const count of counts) {
      for (let culprit = 0; culprit < count; culprit++) {
        for (const status of [400, 413]) {
          const { extra, refused } = await search(count, culprit, status, false);
          expect(refused).toEqual([culprit]);
          expect(extra, `${status}: ${culprit} of ${count}`).toBeLessThanOrEqual(2 * Math.log2(count));
        }
      }
    }
  });

  it("sends every other item once it goes on, at no more than two requests for each level", async () => {
    for (const count of counts) {
      for (let culprit = 0; culprit < count; culprit++) {
        for (const status of [400, 413]) {
          const { extra, passed, refused } = await search(count, culprit, status, true);
          expect({ passed, refused }).toEqual({ passed: count - 1, refused: [culprit] });
          expect(extra, `${status}: ${culprit} of ${count}`).toBeLessThanOrEqual(
            2 * Math.ceil(Math.log2(count)),
          );
        }
      }
    }
  });

  it("sends what is too large only together in as few requests as fit, and does not try a size twice", async () => {
    const sent: number[] = [];
    const halving = new Halving<Item>({
      send: async (items) => {
        sent.push(items.length);
        if (items.length > 16) throw refusal(413);
      },
      mayBeOneItem: () => true,
      refuse: ({ at }) => expect.unreachable(`${at} was refused`),
    });
    expect(await halving.run(itemsOf(64), signal)).toBe(true);
    expect(sent).toEqual([64, 32, 16, 16, 16, 16]);
    // The next batch of the call knows already.
    sent.length = 0;
    expect(await halving.run(itemsOf(64), signal)).toBe(true);
    expect(sent).toEqual([16, 16, 16, 16]);
  });
});
