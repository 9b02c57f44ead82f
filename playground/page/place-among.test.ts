import { describe, expect, it } from "vitest";
import { cosineDistance, type Place, placeAmong } from "./place-among.ts";

const near = [
  [1, 0],
  [0.9, 0.1],
  [0.8, 0.2],
  [0.7, 0.3],
  [0.6, 0.4],
];
const far = [
  [-1, 0],
  [0, -1],
];

describe("the question's place on the map", () => {
  it("is among its nearest neighbours, whatever lies elsewhere", () => {
    const places: Place[] = [...near.map((_, at): Place => [10 + at, 20]), [500, 500], [-500, 9]];
    const [x, y] = placeAmong([1, 0], [...near, ...far], places);
    expect(x).toBeGreaterThan(10);
    expect(x).toBeLessThan(12);
    expect(y).toBeCloseTo(20);
  });

  it("is that of the passages when all lie on one point, and when there is one alone", () => {
    expect(
      placeAmong(
        [1, 0],
        near,
        near.map((): Place => [3, 4]),
      ),
    ).toEqual([3, 4].map((n) => expect.closeTo(n)));
    expect(placeAmong([1, 0], [[2, 0]], [[7, 8]])).toEqual([7, 8]);
  });
});

describe("the distance", () => {
  it("is 0 for one direction, 1 for a right angle, 2 for the opposite, whatever the lengths", () => {
    expect(cosineDistance([1, 1], [3, 3])).toBeCloseTo(0);
    expect(cosineDistance([2, 0], [0, 5])).toBeCloseTo(1);
    expect(cosineDistance([2, 0], [-7, 0])).toBeCloseTo(2);
    expect(cosineDistance([0, 0], [1, 0])).toBe(1);
  });
});
