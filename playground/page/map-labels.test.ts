import { describe, expect, it } from "vitest";
import { labelsOf } from "./map-labels.ts";
import type { Place } from "./use-map.ts";

const sources = [
  "@scope/a/README.md:1-2",
  "@scope/a/docs/x.md:3",
  "b/guide.md:1-9",
  "b/guide.md:10",
  "notes.md:1",
];
const places: Place[] = [
  [0, 0],
  [2, 4],
  [10, 10],
  [10, 12],
  [5, 5],
];

describe("labels of the map", () => {
  it("name packages, folders, and files without a folder, the largest first, in the middle of their passages", () => {
    expect(labelsOf(sources, places)).toEqual([
      { text: "@scope/a", place: [2, 4] },
      { text: "b", place: [10, 12] },
      { text: "notes.md", place: [5, 5] },
    ]);
  });

  it("leave out groups that are small beside the whole", () => {
    const many = [...new Array(40).fill("b/guide.md:1"), "c/one.md:1"];
    expect(
      labelsOf(
        many,
        many.map((): Place => [0, 0]),
      ).map(({ text }) => text),
    ).toEqual(["b"]);
  });
});
