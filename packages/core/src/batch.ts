/** Items -> which of them travel together. */
import type { Learned } from "./learned.ts";

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
  /** The most bytes of a batch. One item alone may have more. */
  bytes: number;
  /** The most length of a batch, each item as long as its longest. @default none */
  padded?: number | undefined;
}

/**
 * What the caller allows, and what the server is known to take. Batches that were made before it was known are cut by
 * `Halving`; those made here keep texts of like length together, and each takes a turn of its own.
 */
export function limitsOf(batchSize: number, learned: Learned): BatchLimits {
  return {
    count: Math.min(batchSize, learned.maxItems),
    bytes: Math.min(MAX_BATCH_BYTES, learned.tooManyBytes - 1),
  };
}

/**
 * Batches in the order of the items. A batch is made when it is asked for, of items taken from their source then, and within
 * the limits as they are then: a server may have taught the client that it takes less.
 */
export function* planBatches<Item extends Sized>(
  items: Iterable<Item>,
  limitsNow: () => BatchLimits,
): Generator<Item[]> {
  let batch: Item[] = [];
  let limits = limitsNow();
  let bytes = 0;
  let longest = 0;
  for (const item of items) {
    const { count, padded = Number.POSITIVE_INFINITY } = limits;
    bytes += item.bytes;
    longest = Math.max(longest, item.length);
    const size = batch.length + 1;
    if (batch.length > 0 && (size > count || bytes > limits.bytes || longest * size > padded)) {
      yield inCallersOrder(batch);
      batch = [];
      limits = limitsNow();
      bytes = item.bytes;
      longest = item.length;
    }
    batch.push(item);
  }
  if (batch.length > 0) yield inCallersOrder(batch);
}

/** Within a batch the order costs nothing: with the caller's, the first text that is refused is the first of the caller's. */
function inCallersOrder<Item extends Sized>(batch: Item[]): Item[] {
  return batch.sort((a, b) => a.index - b.index);
}

/**
 * The indices of texts by length, so that those of like length travel together: servers pad a batch to its longest text.
 * The longest go first, so that no long batch is left over at the end; of equal length, the caller's order is kept.
 */
export function* longestFirst(texts: readonly string[]): Generator<number> {
  const count = texts.length;
  // Length and index in one number: a typed array is sorted without a call for each comparison.
  const keys = new Float64Array(count);
  for (let index = 0; index < count; index++) keys[index] = index - (texts[index] as string).length * count;
  for (const key of keys.sort()) yield ((key % count) + count) % count;
}

const encoder = new TextEncoder();
/** What JSON holds as it is, in a byte each. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Bytes of a text, or of an object document, in a JSON body, with its comma. */
export function byteLength(input: unknown): number {
  if (typeof input === "string" && PLAIN.test(input)) return input.length + 3;
  return encoder.encode(JSON.stringify(input)).length + 1;
}
