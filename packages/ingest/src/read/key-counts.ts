/** the keys of a file's records, one after the other -> a name for each that no other has, in 16 to 32 bytes a record */

/** Keys that are compared by 52 bits of a hash: two that share them by chance are told apart like two that are equal. */
export class KeyCounts {
  /** Open addressing; 0 is free. */
  #seen = new Float64Array(1_024);
  #size = 0;
  readonly #repeated = new Map<string, number>();

  /** The key itself where it is the first of its kind, else with `~2`, `~3`, … */
  nameFor(key: string): string {
    if (this.#add(key)) return key;
    for (;;) {
      const count = (this.#repeated.get(key) ?? 1) + 1;
      this.#repeated.set(key, count);
      const name = `${key}~${count}`;
      if (this.#add(name)) return name;
    }
  }

  /** @returns whether it was not there */
  #add(key: string): boolean {
    if (!insert(this.#seen, hashOf(key))) return false;
    this.#size++;
    if (2 * this.#size > this.#seen.length) {
      const larger = new Float64Array(2 * this.#seen.length);
      for (const hash of this.#seen) if (hash !== 0) insert(larger, hash);
      this.#seen = larger;
    }
    return true;
  }
}

function insert(table: Float64Array, hash: number): boolean {
  let at = hash % table.length;
  for (; table[at] !== 0; at = (at + 1) % table.length) if (table[at] === hash) return false;
  table[at] = hash;
  return true;
}

/** Two 26-bit halves of FNV-1a from two starting points; never 0. */
function hashOf(text: string): number {
  let high = 0x811c9dc5;
  let low = 0x1b873593;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b);
    low ^= low >>> 13;
  }
  return (high >>> 6) * 2 ** 26 + ((low ^ (low >>> 16)) >>> 6) || 1;
}
