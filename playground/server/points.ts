/** an index -> the passages and vectors of the map */
import { plainText } from "../page/excerpt.ts";
import type { Points } from "../wire.ts";
import { type PassageIndex, sourceOf } from "./index.ts";

const excerptCharacters = 120;

export function pointsOf({ sample, handle: { dimensions } }: PassageIndex): Points {
  return {
    ids: sample.map(({ id }) => id),
    sources: sample.map(({ metadata }) => sourceOf(metadata)),
    excerpts: sample.map(({ text }) => plainText(text).slice(0, excerptCharacters)),
    dimensions,
  };
}

/** Rows of 32-bit floats, little-endian as on every machine that Node runs on. */
export function vectorsOf({ sample, handle: { dimensions } }: PassageIndex): ArrayBuffer {
  const values = new Float32Array(sample.length * dimensions);
  for (const [row, { vector }] of sample.entries()) values.set(vector, row * dimensions);
  return values.buffer;
}
