/** An embedding model's options -> JSON and an id, which are equal only if the vectors are. */
import type { Tokenizer } from "@together-retrieval/core";
import { type EmbedDefaults, serializableOptions } from "@together-retrieval/core/adapter";

/** The options that can be written as JSON, but not the key, in a fixed order. */
export function describeOptions(type: string, options: object): Record<string, unknown> {
  return inKeyOrder({ type, ...serializableOptions(options) });
}

/**
 * Equal descriptions give equal ids. A tokenizer cannot be written as JSON, so when it cuts texts, each tokenizer object gets
 * an id of its own: another cut would give another vector.
 */
export function identify(
  description: Record<string, unknown>,
  { profile, longInput = "send" }: EmbedDefaults,
): string {
  const tokenizer = typeof profile === "object" && longInput !== "send" ? profile.tokenizer : undefined;
  return JSON.stringify(tokenizer ? { ...description, tokenizer: idOf(tokenizer) } : description);
}

function inKeyOrder(record: object): Record<string, unknown> {
  const entries = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, value?.constructor === Object ? inKeyOrder(value) : value]),
  );
}

const tokenizerIds = new WeakMap<Tokenizer, string>();

function idOf(tokenizer: Tokenizer): string {
  const id = tokenizerIds.get(tokenizer) ?? crypto.randomUUID();
  tokenizerIds.set(tokenizer, id);
  return id;
}
