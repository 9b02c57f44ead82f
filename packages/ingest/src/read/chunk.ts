/** a text, a model and its profile -> the id of the chunk: the same for the same three, on any machine */
import { createHash } from "node:crypto";

/** A piece of a document, small enough for the model. */
export interface Chunk {
  id: string;
  text: string;
  /** Exact where the model's tokenizer is known, else an estimate. */
  tokens: number;
  /** Where it stands: `source` and `loc`, as LangChain's loaders write them, and a record's own fields. */
  metadata: Record<string, unknown>;
}

/**
 * A UUID, since both frameworks' tables have one: the first 122 free bits of a SHA-256, marked as version 8 (RFC 9562,
 * for custom content). Among a billion chunks, two that meet by chance have a probability under 1e-18.
 * @param fingerprint what decides a chunk's vector beside its text: see `fingerprintOf`
 */
export function chunkId(text: string, fingerprint: string): string {
  const hash = createHash("sha256").update(fingerprint).update("\0").update(text).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex", 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
