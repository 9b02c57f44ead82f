/** Vectors -> vectors of another length. */

/** The vector scaled to length 1; a vector of zeros stays as it is. */
export function normalizeVector(vector: readonly number[]): number[] {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return length === 0 ? [...vector] : vector.map((value) => value / length);
}
