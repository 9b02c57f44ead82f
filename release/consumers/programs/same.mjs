/** Two values -> nothing when they are equal as JSON, else an error that shows both. Runs in every runtime. */
export function same(what, found, expected) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: expected ${right}, got ${left}`);
}

/** The error that a promise is rejected with; one that is fulfilled is an error. */
export async function rejection(what, promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`${what}: expected a rejection, got ${JSON.stringify(value)}`);
}
