/** Texts and what a client made of them -> nothing, or an error when one number is not the server's. */
import { makeVectors, scoreOf, slotOf } from "../vectors.ts";

export interface RankedDocument {
  index: number;
  score: number;
}

/** Not a failure of the client's that can be counted: a wrong vector ends the benchmark. */
export class WrongAnswer extends Error {}

/** Checks vectors of so many dimensions. */
export function vectorChecker(dimensions: number) {
  const right = makeVectors(dimensions);
  return (text: string, vector: ArrayLike<number>) => {
    const expected = right[slotOf(text)] as Float32Array;
    if (vector.length !== dimensions) throw new WrongAnswer(`${vector.length} numbers for ${dimensions}`);
    for (let at = 0; at < dimensions; at++) {
      if (vector[at] !== expected[at]) throw new WrongAnswer(`Number ${at} is wrong for "${text}"`);
    }
  };
}

export function checkVectors(texts: string[], vectors: ArrayLike<number>[], dimensions: number): void {
  if (vectors.length !== texts.length)
    throw new WrongAnswer(`${vectors.length} vectors, ${texts.length} texts`);
  const check = vectorChecker(dimensions);
  for (const [at, text] of texts.entries()) check(text, vectors[at] ?? []);
}

export function checkRanking(documents: string[], ranking: RankedDocument[]): void {
  const seen = new Set(ranking.map(({ index }) => index));
  if (seen.size !== documents.length || ranking.length !== documents.length) {
    throw new WrongAnswer(
      `${ranking.length} scores, ${seen.size} of them distinct, ${documents.length} documents`,
    );
  }
  let last = Number.POSITIVE_INFINITY;
  for (const { index, score } of ranking) {
    if (score !== scoreOf(documents[index] ?? ""))
      throw new WrongAnswer(`Document ${index} has another's score`);
    if (score > last) throw new WrongAnswer(`Document ${index} stands behind a lower score`);
    last = score;
  }
}
