/** Headers of an answer -> what they tell of limits. */

const kept = new WeakMap<object, Headers>();

/** The headers of the refusal that became this error: they may tell of limits, and must show in no log. */
export function keepHeaders<Kind extends object>(error: Kind, headers: Headers | undefined): Kind {
  if (headers) kept.set(error, headers);
  return error;
}

export function headersOf(error: unknown): Headers | undefined {
  return kept.get(error as object);
}
