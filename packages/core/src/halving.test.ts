import { describe, expect, it } from "vitest";
import { noted, TogetherApiError } from "./errors.ts";
import { Halving, type HalvingSteps } from "./halving.ts";
import { Learned } from "./learned.ts";

const { signal } = new AbortController();

interface Item {
  at: number;
  bytes: number;
}

const itemsOf = (count: number): Item[] => Array.from({ length: count }, (_, at) => ({ at, bytes: 1 }));

const refusal = (status: number, words = "refused") =>
  noted(
    new TogetherApiError(words, {
      ...{ status, code: null, type: null, param: null, requestId: undefined, retryable: false },
    }),
    { subject: "one input" },
  );

/** Halving whose requests go out at once. */
function halvingOf(
  send: (items: Item[]) => Promise<void>,
  learned = new Learned(),
  refuse: HalvingSteps<Item>["refuse"] = ({ at }) => expect.unreachable(`${at} was refused`),
) {
  const steps: HalvingSteps<Item> = {
    refuse,
    async send(items, _, { onSend, onFailure }) {
      onSend();
      await send(items).catch((error: unknown) => {
        onFailure(error);
        throw error;
      });
    },
  };
  return new Halving<Item>(steps, learned);
}

/** Requests beyond the first that it takes to find the culprit among `count` items, and whether all others passed. */
async function search(count: number, culprit: number, status: number, keepsOn: boolean) {
  let requests = 0;
  const passed = new Set<number>();
  const refused: number[] = [];
  const learned = new Learned();
  // A request passed before: what is wrong is no trouble of all.
  learned.mostPassed = 1;
  const send = async (items: Item[]) => {
    requests++;
    if (items.some(({ at }) => at === culprit)) throw refusal(status);
    for (const { at } of items) passed.add(at);
  };
  const halving = halvingOf(send, learned, ({ at }, error) => {
    refused.push(at);
    if (!keepsOn) throw error;
  });
  await halving.runAll([itemsOf(count)], signal).catch(() => {});
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
    const halving = halvingOf(async (items) => {
      sent.push(items.length);
      if (items.length > 16) throw refusal(413);
    }, new Learned());
    await halving.runAll([itemsOf(64)], signal);
    expect(sent).toEqual([64, 32, 16, 16, 16, 16]);
    // The next batch of the call knows already.
    sent.length = 0;
    await halving.runAll([itemsOf(64)], signal);
    expect(sent).toEqual([16, 16, 16, 16]);
  });

  it("keeps to a number that the refusal names, in full batches", async () => {
    const sent: number[] = [];
    const learned = new Learned();
    const halving = halvingOf(async (items) => {
      sent.push(items.length);
      if (items.length > 32) throw refusal(422, "batch size 100 > maximum allowed batch size 32");
    }, learned);
    await halving.runAll([itemsOf(100), itemsOf(100)], signal);
    expect(sent.filter((size) => size === 32)).toHaveLength(6);
    expect(sent.toSorted((a, b) => b - a)).toEqual([100, 100, 32, 32, 32, 32, 32, 32, 8]);
    expect(learned.maxItems).toBe(32);
  });

  it("learns a number that no refusal names, in one search for all batches of a call", async () => {
    const sent: number[] = [];
    const learned = new Learned();
    const halving = halvingOf(async (items) => {
      sent.push(items.length);
      await Promise.resolve();
      if (items.length > 10) throw refusal(400);
    }, learned);
    await halving.runAll(
      Array.from({ length: 10 }, () => itemsOf(100)),
      signal,
    );
    expect(sent.filter((size) => size > 10).length).toBeLessThanOrEqual(10 + 3);
    expect(learned.maxItems).toBeGreaterThanOrEqual(6);
    sent.length = 0;
    await halving.runAll([itemsOf(100)], signal);
    expect(Math.max(...sent)).toBe(learned.maxItems);
  });

  it("takes the same words for the first, the last and the middle item for the request's trouble", async () => {
    let requests = 0;
    const halving = halvingOf(async () => {
      requests++;
      throw refusal(400, `no such thing (request ${requests}a)`);
    }, new Learned());
    await expect(halving.runAll([itemsOf(100)], signal)).rejects.toThrow("(request 1a)");
    expect(requests).toBe(4);
  });
});
