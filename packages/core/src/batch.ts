/** Texts -> which of them travel together, as positions. */

/** Bodies stay below this: common proxies refuse more than 1 MiB unless told otherwise (nginx's `client_max_body_size`). */
export const MAX_BATCH_BYTES = 1_000_000;

export interface BatchLimits {
  /** The most texts in a batch. */
  count: number;
  /** The most bytes of JSON that the texts of a batch make. One text alone may be longer. */
  bytes: number;
}

/**
 * Texts of like length travel together, because servers pad a batch to its longest text. The longest go first, so that
 * no long batch is left over at the end.
 */
export function planBatches(texts: readonly string[], limits: BatchLimits): number[][] {
  const order = texts.map((_, position) => position);
  order.sort((a, b) => lengthAt(texts, b) - lengthAt(texts, a) || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  let bytes = 0;
  for (const position of order) {
    const size = byteLength(texts[position] ?? "");
    if (batch.length > 0 && (batch.length === limits.count || bytes + size > limits.bytes)) {
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

function lengthAt(texts: readonly string[], position: number): number {
  return texts[position]?.length ?? 0;
}

const encoder = new TextEncoder();

/** Bytes of a text, or of an object document, in a JSON body, with its comma. */
export function byteLength(input: unknown): number {
  return encoder.encode(JSON.stringify(input)).length + 1;
}
