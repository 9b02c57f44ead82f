import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteLength, planBatches } from "./batch.ts";

const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 60 }), { maxLength: 80 });
const limits = fc.record({ count: fc.integer({ min: 1, max: 20 }), bytes: fc.integer({ min: 1, max: 400 }) });

describe("batches", () => {
  it("carry every text exactly once", () => {
    fc.assert(
      fc.property(texts, limits, (given, limit) => {
        const positions = planBatches(given, limit)
          .flat()
          .sort((a, b) => a - b);
        expect(positions).toEqual(given.map((_, position) => position));
      }),
    );
  });

  it("keep to the count and to the bytes, unless one text alone is longer", () => {
    fc.assert(
      fc.property(texts, limits, (given, limit) => {
        for (const batch of planBatches(given, limit)) {
          const bytes = batch.reduce((sum, position) => sum + byteLength(given[position]), 0);
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(limit.count);
          if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(limit.bytes);
        }
      }),
    );
  });

  it("do not overlap in length: the longest texts travel first, and together", () => {
    fc.assert(
      fc.property(texts, limits, (given, limit) => {
        const lengths = planBatches(given, limit).map((batch) =>
          batch.map((position) => given[position]?.length ?? 0),
        );
        for (const [at, later] of lengths.slice(1).entries())
          expect(Math.min(...(lengths[at] ?? []))).toBeGreaterThanOrEqual(Math.max(...later));
      }),
    );
  });

  it("are as few as the count allows when bytes do not matter", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 20 }), (given, count) => {
        const batches = planBatches(given, { count, bytes: Number.POSITIVE_INFINITY });
        expect(batches).toHaveLength(Math.ceil(given.length / count));
      }),
    );
  });
});
