/** Texts -> which of them travel together, as positions. */

/** Bodies stay below this: common proxies refuse more than 1 MiB unless told otherwise (nginx's `client_max_body_size`). */
export const MAX_BATCH_BYTES = 1_000_000;

/**
 * Tokens of a batch, padding counted, where tokens are known. It is what text-embeddings-inference computes at a time
 * unless told otherwise (`--max-batch-tokens`): a larger request is cut up there, and holds others up. 100 texts of 163
 * tokens travel together, and 32 of 512.
 */
export const MAX_BATCH_TOKENS = 16_384;

export interface BatchLimits {
  /** The most texts in a batch. */
  count: number;
  /** The most bytes of JSON that the texts of a batch make. One text alone may be longer. */
  bytes: number;
}

/**
 * Texts of like length travel together, because servers pad a batch to its longest text. The longest go first, so that
 * no long batch is left over at the end.
 * @param tokens Of each text, if they can be told: then they are its length, and bound the batches as well.
 */
export function planBatches(
  texts: readonly string[],
  limits: BatchLimits,
  tokens?: readonly number[],
): number[][] {
  const lengths = tokens ?? texts.map((text) => text.length);
  const lengthAt = (position: number) => lengths[position] ?? 0;
  const order = texts.map((_, position) => position);
  order.sort((a, b) => lengthAt(b) - lengthAt(a) || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  let bytes = 0;
  for (const position of order) {
    const size = byteLength(texts[position] ?? "");
    // The first is the longest: all others are padded to it.
    const padded = tokens ? (batch.length + 1) * lengthAt(batch[0] ?? position) : 0;
    const isFull = batch.length === limits.count || bytes + size > limits.bytes || padded > MAX_BATCH_TOKENS;
    if (batch.length > 0 && isFull) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(position);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  // Within a batch the order costs nothing: the caller's makes the first refused text the first of the caller's.
  for (const positions of batches) positions.sort((a, b) => a - b);
  return batches;
}

const encoder = new TextEncoder();

/** Bytes of a text, or of an object document, in a JSON body, with its comma. */
export function byteLength(input: unknown): number {
  return encoder.encode(JSON.stringify(input)).length + 1;
}
