/** an index -> the passages and vectors of the map */
import { plainText } from "../page/excerpt.ts";
import type { Points } from "../wire.ts";
import { type PassageIndex, sourceOf } from "./index.ts";

/** The browser computes the map: of a larger index it gets every nth passage. */
export const mostPoints = 2000;
const excerptCharacters = 120;

export function pointsOf({ ids, passages, vectors }: PassageIndex): Points {
  const chosen = every(passages);
  return {
    ids: every(ids),
    sources: chosen.map(({ metadata }) => sourceOf(metadata)),
    excerpts: chosen.map(({ pageContent }) => plainText(pageContent).slice(0, excerptCharacters)),
    dimensions: vectors[0]?.length ?? 0,
  };
}

/** Rows of 32-bit floats, little-endian as on every machine that Node runs on. */
export function vectorsOf({ vectors }: PassageIndex): ArrayBuffer {
  const rows = every(vectors);
  const dimensions = rows[0]?.length ?? 0;
  const values = new Float32Array(rows.length * dimensions);
  for (const [row, vector] of rows.entries()) values.set(vector, row * dimensions);
  return values.buffer;
}

function every<Item>(items: Item[]): Item[] {
  const step = Math.ceil(items.length / mostPoints);
  return items.filter((_, at) => at % step === 0);
}
