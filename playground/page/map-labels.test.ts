import { describe, expect, it } from "vitest";
import { labelsOf } from "./map-labels.ts";
import type { Place } from "./place-among.ts";

const sources = [
  ...["@scope/a/README.md:1-2", "@scope/a/docs/x.md:3", "@scope/a/x.md:9"],
  ...["b/guide.md:1-9", "b/guide.md:10", "notes.md:1"],
];
const places: Place[] = [
  [100, 100],
  [102, 104],
  [300, 110],
  [200, 210],
  [200, 212],
  [50, 350],
];

describe("labels of the map", () => {
  it("name packages, folders, and files without a folder, the largest first, near the middle of their passages", () => {
    const labels = labelsOf(sources, places, 400);
    expect(labels.map(({ text }) => text)).toEqual(["@scope/a", "b", "notes.md"]);
    for (const [at, [x, y]] of (
      [
        [102, 104],
        [200, 212],
        [50, 350],
      ] as const
    ).entries()) {
      const [left = 0, top = 0] = labels[at]?.place ?? [];
      expect(Math.hypot(left - x, top - y)).toBeLessThan(60);
    }
  });

  it("cover no dot where there is room beside the group", () => {
    for (const { text, place } of labelsOf(sources, places, 400)) {
      const half = (text.length * 7) / 2;
      const covered = places.filter(
        ([x, y]) => Math.abs(x - place[0]) < half && y > place[1] - 14 && y <= place[1],
      );
      expect(covered).toEqual([]);
    }
  });

  it("do not cover each other: the larger group's stays", () => {
    const near: Place[] = [...places.slice(0, 3), [110, 100], [110, 100], [50, 350]];
    expect(labelsOf(sources, near, 400).map(({ text }) => text)).toEqual(["@scope/a", "notes.md"]);
  });

  it("stay inside of the map", () => {
    const [label] = labelsOf(["a-long-name/x.md:1"], [[0, 10]], 400);
    expect(label?.place[0]).toBeGreaterThan(30);
  });

  it("leave out groups that are small beside the whole", () => {
    const many = [...new Array(40).fill("b/guide.md:1"), "c/one.md:1"];
    const apart = many.map((_, at): Place => [200, at === 40 ? 300 : 100]);
    expect(labelsOf(many, apart, 400).map(({ text }) => text)).toEqual(["b"]);
  });
});
