/** Every number here was worked out by hand. */
import { describe, expect, it } from "vitest";
import { pairedInterval } from "./bootstrap.ts";
import { fuse } from "./fusion.ts";
import { ndcg, recall, reciprocalRank } from "./metrics.ts";

const grades = new Map([
  ["a", 3],
  ["b", 2],
  ["c", 1],
]);

describe("nDCG", () => {
  it("is the gain found over the best gain there is", () => {
    // Found: 2/log2(2) + 0 + 3/log2(4) = 3.5; best: 3/log2(2) + 2/log2(3) + 1/log2(4) = 3 + 1.26186 + 0.5.
    expect(ndcg(["b", "x", "a"], grades, 10)).toBeCloseTo(3.5 / 4.7618595, 7);
    expect(ndcg(["a", "b", "c"], grades, 10)).toBe(1);
    expect(ndcg(["x", "y"], grades, 10)).toBe(0);
  });

  it("looks no deeper than it is told, at the best gain too", () => {
    expect(ndcg(["x", "a"], grades, 1)).toBe(0);
    expect(ndcg(["b"], grades, 1)).toBeCloseTo(2 / 3, 12);
    // With binary grades, one of two found in the second place: 0.63093 / (1 + 0.63093).
    expect(
      ndcg(
        ["x", "p"],
        new Map([
          ["p", 1],
          ["q", 1],
        ]),
        10,
      ),
    ).toBeCloseTo(0.3868528, 7);
  });
});

describe("recall and reciprocal rank", () => {
  it("count what is relevant, whatever its grade", () => {
    expect(recall(["x", "a", "y", "c"], grades, 10)).toBeCloseTo(2 / 3, 12);
    expect(recall(["x", "a", "y", "c"], grades, 2)).toBeCloseTo(1 / 3, 12);
    expect(recall([], grades, 10)).toBe(0);
    expect(reciprocalRank(["x", "y", "c", "a"], grades, 10)).toBeCloseTo(1 / 3, 12);
    expect(reciprocalRank(["x", "y", "c", "a"], grades, 2)).toBe(0);
  });
});

describe("reciprocal rank fusion", () => {
  it("adds up 1 / (60 + place), and keeps the first ranking's order in a tie", () => {
    // b: 1/62 + 1/61 = 0.032522; a: 1/61 + 1/63 = 0.032266; c: 1/63 = 0.015873; d: 1/62 = 0.016129.
    expect(fuse(["a", "b", "c"], ["b", "d", "a"])).toEqual(["b", "a", "d", "c"]);
    expect(fuse(["a", "b"], ["b", "a"])).toEqual(["a", "b"]);
    expect(fuse([], ["x"])).toEqual(["x"]);
  });
});

describe("the paired interval", () => {
  it("holds the mean, is the same at every run, and is a point when nothing differs", () => {
    const differences = Array.from({ length: 100 }, (_, at) => (at % 10) / 10 - 0.3);
    const [low, high] = pairedInterval(differences);
    // Mean 0.15, standard deviation 0.2872: 1.96 standard errors are 0.0563.
    expect(low).toBeCloseTo(0.15 - 0.0563, 2);
    expect(high).toBeCloseTo(0.15 + 0.0563, 2);
    expect(pairedInterval(differences)).toEqual([low, high]);
    expect(pairedInterval([0.25, 0.25, 0.25])).toEqual([0.25, 0.25]);
  });
});
