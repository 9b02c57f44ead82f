/** Items -> which of them travel together. */

/** Bodies stay below this: common proxies refuse more than 1 MiB unless told otherwise (nginx's `client_max_body_size`). */
export const MAX_BATCH_BYTES = 1_000_000;

/**
 * Tokens of a batch, padding counted, where tokens are known. It is what text-embeddings-inference computes at a time
 * unless told otherwise (`--max-batch-tokens`): a larger request is cut up there, and holds others up. 100 texts of 163
 * tokens travel together, and 32 of 512.
 */
export const MAX_BATCH_TOKENS = 16_384;

/** What is known of an item that shall travel. */
export interface Sized {
  /** Bytes in a body. */
  bytes: number;
  /** What servers pad to: characters, or tokens where they are known. 0 where nothing is padded. */
  length: number;
}

export interface BatchLimits {
  /** The most items in a batch. */
  count: number;
  /** The most bytes of a batch. One item alone may have more. @default MAX_BATCH_BYTES */
  bytes?: number;
  /** The most length of a batch, each item as long as its longest. @default none */
  padded?: number | undefined;
}

/**
 * Items of like length travel together, because servers pad a batch to its longest text. The longest go first, so that
 * no long batch is left over at the end. Of equal length, the caller's order is kept.
 */
export function planBatches<Item extends Sized>(
  items: readonly Item[],
  { count, bytes = MAX_BATCH_BYTES, padded = Number.POSITIVE_INFINITY }: BatchLimits,
): Item[][] {
  const batches: [position: number, Item][][] = [];
  let batch: [position: number, Item][] = [];
  let room = 0;
  for (const entry of [...items.entries()].sort(([, a], [, b]) => b.length - a.length)) {
    const [, item] = entry;
    // The first is the longest: all others are padded to it.
    const most = Math.min(count, Math.floor(padded / (batch[0]?.[1].length ?? 1)));
    if (batch.length === 0 || batch.length >= most || item.bytes > room) {
      batch = [];
      batches.push(batch);
      room = bytes;
    }
    batch.push(entry);
    room -= item.bytes;
  }
  // Within a batch the order costs nothing: the caller's makes the first refused text the first of the caller's.
  return batches.map((entries) => entries.sort(([a], [b]) => a - b).map(([, item]) => item));
}

const encoder = new TextEncoder();

/** Bytes of a text, or of an object document, in a JSON body, with its comma. */
export function byteLength(input: unknown): number {
  return encoder.encode(JSON.stringify(input)).length + 1;
}
