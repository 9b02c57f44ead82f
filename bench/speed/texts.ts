/** A kind and a count -> that many distinct texts, the same in every run. */

/**
 * `short`: some words. `mixed`: lengths are lognormal, as in a corpus of paragraphs; in input order, batches of 100 are
 * padded to 2.8 times their characters. `paragraphs`: 50 to 150 tokens.
 */
export type TextKind = "short" | "mixed" | "paragraphs";

const filler =
  "the quick brown fox jumps over the lazy dog while nobody is looking at either of them ".repeat(40);

/** `from` is the number of the first: texts of different numbers are different. */
export function makeTexts(kind: TextKind, count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, at) => makeText(kind, from + at));
}

export function makeText(kind: TextKind, number: number): string {
  const head = `${number} `;
  return head + filler.slice(0, Math.max(0, lengthOf(kind, number) - head.length));
}

function lengthOf(kind: TextKind, number: number): number {
  if (kind === "short") return 30;
  const first = chance(2 * number);
  if (kind === "paragraphs") return Math.round(250 + 500 * first);
  const normal = Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * chance(2 * number + 1));
  return Math.round(200 * Math.exp(0.45 * normal));
}

/** From 0 up to 1, the same for the same number. */
function chance(number: number): number {
  let state = Math.imul(number + 1, 0x9e3779b1);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
}
