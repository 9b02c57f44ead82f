import { describe, expect, test } from "vitest";
import { type Reading, relevance, similarity, views } from "./relevance.ts";

/** A text in two dimensions: its words' ids, the angle of each word's state, the angle of the whole. */
function reading(ids: number[], angles: number[], angle: number): Reading {
  const tokens = Float32Array.from(angles.flatMap((each) => [Math.cos(each), Math.sin(each)]));
  return { ids, tokens, vector: vector(angle) };
}
const vector = (angle: number) => Float32Array.from([Math.cos(angle), Math.sin(angle)]);
const rarity = (id: number) => id;
const across = Math.PI / 2;

const query = reading([1, 3], [0, 0], 0);
const unlike = reading([9], [across], across);
const score = (document: Reading, sentences: Float32Array[] = [], asked = query) =>
  relevance(
    views(asked, document, rarity),
    Math.max(-1, ...sentences.map((sentence) => similarity(asked.vector, sentence))),
  );

describe("the relevance of a document", () => {
  test("is 1 for the query itself and 0 for what is unlike it in every way", () => {
    expect(score(query)).toBeCloseTo(1, 6);
    expect(score(unlike)).toBeCloseTo(0, 6);
  });

  test("counts the whole twice when no sentence is nearer", () => {
    expect(score({ ...unlike, vector: vector(0) }, [vector(across)])).toBeCloseTo(2 / 3.3, 6);
  });

  test("counts the best sentence", () => {
    expect(score(unlike, [vector(across), vector(0), vector(1)])).toBeCloseTo(1 / 3.3, 6);
  });

  test("counts for each token of the query its most similar one", () => {
    const halfway = reading([1, 3], [0, across], 0);
    const expected = (2 + (1 + 0) / 2 + 0.3) / 3.3;
    expect(score({ ...query, ids: [1, 3] }, [], halfway)).toBeCloseTo(expected, 6);
  });

  test("counts the query's words that it holds by how rare they are", () => {
    expect(score({ ...unlike, ids: [3] })).toBeCloseTo((0.3 * 3) / 4 / 3.3, 6);
    expect(score({ ...unlike, ids: [1] })).toBeCloseTo((0.3 * 1) / 4 / 3.3, 6);
  });

  test("is the same for a model whose vectors have other lengths", () => {
    const long = { ...query, vector: query.vector.map((value) => value * 7) };
    expect(score(long)).toBeCloseTo(1, 6);
    expect(score(query, [], long)).toBeCloseTo(1, 6);
  });

  test("is a number when the query or the document says nothing", () => {
    const nothing = reading([], [], 0);
    expect(score(unlike, [], nothing)).toBeCloseTo(0, 6);
    expect(score(reading([], [], across))).toBeCloseTo(0, 6);
  });
});
