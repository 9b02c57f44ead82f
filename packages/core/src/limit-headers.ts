/** Headers of an answer -> what they tell of limits. */

const kept = new WeakMap<object, Headers>();

/** The headers of the answer that became this error: a refusal tells of limits as well. */
export function keepHeaders(error: object, headers: Headers): void {
  kept.set(error, headers);
}

export function headersOf(error: unknown): Headers | undefined {
  return kept.get(error as object);
}
