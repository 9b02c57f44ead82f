/** a question's vector, and the map's vectors with their places -> the question's place, between its nearest neighbours */

/** A place on the map. */
export type Place = [x: number, y: number];

/** How many neighbours count. More distant ones would pull every question to the middle of the map. */
const neighbours = 5;

/** The mean of the neighbours' places, in which nearer ones count more. UMAP itself places a new point like this at first. */
export function placeAmong(question: number[], vectors: number[][], places: Place[]): Place {
  const nearest = vectors
    .map((vector, at) => ({ at, distance: cosineDistance(question, vector) }))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, neighbours);
  const first = nearest[0]?.distance ?? 0;
  const spread = (nearest.at(-1)?.distance ?? 0) - first || 1;
  let [x, y, sum] = [0, 0, 0];
  for (const { at, distance } of nearest) {
    const weight = Math.exp((-3 * (distance - first)) / spread);
    const [px, py] = places[at] ?? [0, 0];
    x += weight * px;
    y += weight * py;
    sum += weight;
  }
  return [x / sum, y / sum];
}

export function cosineDistance(one: number[], other: number[]): number {
  let [product, oneSquares, otherSquares] = [0, 0, 0];
  for (const [at, a] of one.entries()) {
    const b = other[at] ?? 0;
    product += a * b;
    oneSquares += a * a;
    otherSquares += b * b;
  }
  return 1 - product / (Math.sqrt(oneSquares * otherSquares) || 1);
}
