import { describe, expect, it } from "vitest";
import { stems, WordSearch } from "./bm25.ts";

const documents = [
  { id: "1", text: "The wing, the wing! Slipstream." },
  { id: "2", text: "Boundary layers over wings" },
  { id: "3", text: "Heat" },
  { id: "4", text: "A cat. A catalogue. Categories." },
];
/** Words of each: 4 or 5, counted by hand. */
const lengths = [5, 4, 1, 5];

/** Robertson and Zaragoza's formula, with the idf that is never negative. */
function bm25(frequency: number, holders: number, length: number): number {
  const idf = Math.log(1 + (4 - holders + 0.5) / (holders + 0.5));
  const average = (5 + 4 + 1 + 5) / 4;
  return (idf * frequency * 2.2) / (frequency + 1.2 * (0.25 + (0.75 * length) / average));
}

describe("the search by words", () => {
  it("is BM25, to nine decimals", () => {
    const search = new WordSearch(documents);
    const found = Object.fromEntries(search.scores("wing slipstreams", 10));
    expect(Object.keys(found).sort()).toEqual(["1", "2"]);
    expect(found[1]).toBeCloseTo(bm25(2, 2, lengths[0] ?? 0) + bm25(1, 1, lengths[0] ?? 0), 8);
    expect(found[2]).toBeCloseTo(bm25(1, 2, lengths[1] ?? 0), 8);
  });

  it("matches whole words by their stems, best first, no more than are asked for", () => {
    const search = new WordSearch(documents);
    expect(search.search("cats", 10)).toEqual(["4"]);
    expect(search.search("wing", 10)).toEqual(["1", "2"]);
    expect(search.search("wing", 1)).toEqual(["1"]);
    expect(search.search("nothing of this", 10)).toEqual([]);
    expect(stems("Réchauffage: 2 layers, boundary-layer's")).toEqual([
      "réchauffag",
      "2",
      "layer",
      "boundari",
      "layer",
      "s",
    ]);
  });
});
