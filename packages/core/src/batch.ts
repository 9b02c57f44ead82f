/** Items -> batches of items that are sent in one request. */
import type { Learned } from "./learned.ts";

/** Bodies stay below this: common proxies refuse more than 1 MiB unless told otherwise (nginx's `client_max_body_size`). */
export const MAX_BATCH_BYTES = 1_000_000;

/**
 * The most tokens in a batch, padding included, where tokens are known: the default of text-embeddings-inference's
 * `--max-batch-tokens`. That server splits a larger request, which delays other requests. It is enough for 100 texts of 163
 * tokens, or 32 texts of 512.
 */
export const MAX_BATCH_TOKENS = 16_384;

/** An item to send, with its sizes. */
export interface Sized {
  /** Its index among all items. */
  index: number;
  /** Its bytes in a JSON body. */
  bytes: number;
  /** Its length for padding: tokens where they are known, else characters; 0 where nothing is padded. */
  length: number;
}

export interface BatchLimits {
  /** The most items in a batch. */
  count: number;
  /** The most bytes in a batch. A single item may have more. */
  bytes: number;
  /** The most length in a batch, where every item counts as much as the longest. @default none */
  padded?: number | undefined;
}

/**
 * The caller's limits, lowered to what the server is known to accept. `Halving` cuts batches that were made before a limit was
 * known. Batches made here keep texts of similar length together, and each takes a turn of its own.
 */
export function limitsOf(batchSize: number, learned: Learned): BatchLimits {
  return {
    count: Math.min(batchSize, learned.maxItems),
    bytes: Math.min(MAX_BATCH_BYTES, learned.tooManyBytes - 1),
  };
}

/**
 * Batches in the order of the items. Each batch is made only when it is asked for, within the limits at that moment: the
 * server may have taught the client a lower limit meanwhile.
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

/** Sorts a batch into the caller's order, so that the first refused text of a batch is also the caller's first. */
function inCallersOrder<Item extends Sized>(batch: Item[]): Item[] {
  return batch.sort((a, b) => a.index - b.index);
}

/**
 * The indices of the texts, sorted by length, because servers pad a batch to its longest text. The longest come first, so
 * that no slow batch is left for the end. Texts of equal length stay in the caller's order.
 */
export function* longestFirst(texts: readonly string[]): Generator<number> {
  const count = texts.length;
  // Length and index in one number, because a typed array is sorted without a function call for each comparison.
  const keys = new Float64Array(count);
  for (let index = 0; index < count; index++) keys[index] = index - (texts[index] as string).length * count;
  for (const key of keys.sort()) yield ((key % count) + count) % count;
}

const encoder = new TextEncoder();
/** Characters that JSON writes unchanged, in one byte each. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** The bytes of a text or an object document in a JSON body, with its comma. */
export function byteLength(input: unknown): number {
  if (typeof input === "string" && PLAIN.test(input)) return input.length + 3;
  return encoder.encode(JSON.stringify(input)).length + 1;
}
