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
  /** Its place among all items. */
  index: number;
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
  const batches: Item[][] = [];
  let batch: Item[] = [];
  let most = 0;
  let room = 0;
  for (const item of [...items].sort((a, b) => b.length - a.length)) {
    if (batch.length >= most || item.bytes > room) {
      batch = [];
      batches.push(batch);
      // The first is the longest: all others are padded to it.
      most = Math.min(count, Math.max(1, Math.floor(padded / item.length)));
      room = bytes;
    }
    batch.push(item);
    room -= item.bytes;
  }
  // Within a batch the order costs nothing: the caller's makes the first refused text the first of the caller's.
  for (const items of batches) items.sort((a, b) => a.index - b.index);
  return batches;
}

const encoder = new TextEncoder();
/** What JSON holds as it is, in a byte each. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Bytes of a text, or of an object document, in a JSON body, with its comma. */
export function byteLength(input: unknown): number {
  if (typeof input === "string" && PLAIN.test(input)) return input.length + 3;
  return encoder.encode(JSON.stringify(input)).length + 1;
}
