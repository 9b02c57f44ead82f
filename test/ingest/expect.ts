/** an expectation in words -> nothing, or an error that shows what happened instead */
import { isDeepStrictEqual } from "node:util";

export function expectThat(promise: string, holds: boolean): void {
  if (!holds) throw new Error(`Expected ${promise}`);
}

export function expectEqual(what: string, got: unknown, wanted: unknown): void {
  if (isDeepStrictEqual(got, wanted)) return;
  const show = (value: unknown) => {
    const text = JSON.stringify(value instanceof Map ? [...value] : value) ?? String(value);
    return text.length > 300 ? `${text.slice(0, 300)}…` : text;
  };
  throw new Error(`Expected ${what} to be ${show(wanted)}, got ${show(got)}`);
}
