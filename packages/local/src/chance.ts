/** a seed and what is asked for -> a number from 0 to 1 that is always the same */

/** The same arguments give the same number, whatever was asked before or in between (32-bit integer hash). */
export function chance(seed: number, ...about: number[]): number {
  let hash = 0x9e3779b9;
  for (const part of [seed, ...about]) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return (hash >>> 0) / 2 ** 32;
}

/** The items in an order that depends on the seed. With two items or more it is never the original order. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const mixed = [...items];
  // Sattolo's algorithm: the permutation is a single cycle, so no item keeps its place.
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(chance(seed, i) * i);
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
  }
  return mixed;
}
