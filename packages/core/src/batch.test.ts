import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { byteLength, limitsOf, longestFirst, MAX_BATCH_BYTES, planBatches } from "./batch.ts";
import { Learned } from "./learned.ts";

const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 60 }), { maxLength: 80 });
const limits = fc.record({
  count: fc.integer({ min: 1, max: 20 }),
  bytes: fc.integer({ min: 1, max: 400 }),
  padded: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
});

/** What travels of a text. */
const item = (text: string, index: number) => ({ index, bytes: byteLength(text), length: text.length });

type Limits = { count: number; bytes?: number; padded?: number | undefined };

const batchesOf = (items: readonly ReturnType<typeof item>[], limit: Limits) => [
  ...planBatches(items, () => ({ bytes: MAX_BATCH_BYTES, ...limit })),
];

/** As texts travel. */
const sorted = (texts: readonly string[]) => {
  const items = texts.map(item);
  return [...longestFirst(texts)].map((index) => items[index] as ReturnType<typeof item>);
};

test("a text counts the bytes that it takes in a body, with its comma", () => {
  const anyText = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
  fc.assert(
    fc.property(anyText, (text) => {
      const [one, two] = [[text], [text, text]].map((input) => Buffer.byteLength(JSON.stringify({ input })));
      expect(byteLength(text)).toBe((two ?? 0) - (one ?? 0));
    }),
    { numRuns: 2_000 },
  );
});

describe("batches", () => {
  it("carry every text exactly once, each batch in the caller's order", () => {
    fc.assert(
      fc.property(texts, limits, (given, limit) => {
        const batches = batchesOf(sorted(given), limit).map((batch) => batch.map(({ index }) => index));
        for (const batch of batches) expect(batch).toEqual(batch.toSorted((a, b) => a - b));
        expect(batches.flat().sort((a, b) => a - b)).toEqual(given.map((_, position) => position));
      }),
    );
  });

  it("keep to the count, to the bytes and to the padded length, unless one text alone is longer", () => {
    fc.assert(
      fc.property(texts, limits, (given, limit) => {
        for (const batch of batchesOf(sorted(given), limit)) {
          const bytes = batch.reduce((sum, one) => sum + one.bytes, 0);
          const longest = Math.max(...batch.map(({ length }) => length));
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(limit.count);
          if (batch.length === 1) continue;
          expect(bytes).toBeLessThanOrEqual(limit.bytes);
          expect(longest * batch.length).toBeLessThanOrEqual(limit.padded ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });

  it("do not overlap in length: the longest texts travel first, and together", () => {
    fc.assert(
      fc.property(texts, limits, (given, limit) => {
        const lengths = batchesOf(sorted(given), limit).map((batch) => batch.map(({ length }) => length));
        for (const [at, later] of lengths.slice(1).entries())
          expect(Math.min(...(lengths[at] ?? []))).toBeGreaterThanOrEqual(Math.max(...later));
      }),
    );
  });

  it("are as few as the count allows when bytes do not matter", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 20 }), (given, count) => {
        const batches = batchesOf(sorted(given), { count, bytes: Number.POSITIVE_INFINITY });
        expect(batches).toHaveLength(Math.ceil(given.length / count));
      }),
    );
  });

  it("are filled to their last byte and their last padded token", () => {
    const items = ["abcd", "efgh"].map(item);
    const bytes = items.reduce((sum, one) => sum + one.bytes, 0);
    expect(batchesOf(items, { count: 9, bytes, padded: 8 })).toHaveLength(1);
    expect(batchesOf(items, { count: 9, bytes: bytes - 1, padded: 8 })).toHaveLength(2);
    expect(batchesOf(items, { count: 9, bytes, padded: 7 })).toHaveLength(2);
  });

  it("are made one by one, and keep to a count that has changed since the last", () => {
    let taken = 0;
    function* items() {
      for (; taken < 20; taken++) yield item("text", taken);
    }
    let count = 5;
    const batches = planBatches(items(), () => ({ count, bytes: MAX_BATCH_BYTES }));
    expect(batches.next().value).toHaveLength(5);
    // The one behind the batch tells that it is full.
    expect(taken).toBe(5);
    count = 2;
    expect([...batches].map(({ length }) => length)).toEqual([2, 2, 2, 2, 2, 2, 2, 1]);
  });

  it("keep the caller's order where nothing is padded", () => {
    const given = ["long text", "a", "longer text", "b", "c"].map((text, at) => ({
      ...item(text, at),
      length: 0,
    }));
    const batches = batchesOf(given, { count: 2 });
    expect(batches.map((batch) => batch.map(({ index }) => index))).toEqual([[0, 1], [2, 3], [4]]);
  });
});

test("the longest come first, those of equal length in the caller's order", () => {
  fc.assert(
    fc.property(texts, (given) => {
      const expected = [...given.keys()].toSorted(
        (a, b) => (given[b] ?? "").length - (given[a] ?? "").length,
      );
      expect([...longestFirst(given)]).toEqual(expected);
    }),
  );
});

test("a batch stays below the bytes of a request that was refused for its size", () => {
  const learned = new Learned();
  expect(limitsOf(100, learned)).toEqual({ count: 100, bytes: MAX_BATCH_BYTES });
  learned.tooManyBytes = 500;
  learned.maxItems = 32;
  expect(limitsOf(100, learned)).toEqual({ count: 32, bytes: 499 });
});
