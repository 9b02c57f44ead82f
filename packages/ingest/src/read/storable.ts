/** text, names and metadata -> what Postgres can hold: no NUL, no half characters, no name that its index cannot take */
import { createHash } from "node:crypto";

export function storableText(text: string): string {
  // A lone surrogate has no UTF-8: it becomes U+FFFD here, as it would on the way to the API.
  return Buffer.from(text.replaceAll("\0", "")).toString();
}

/** A row of a B-tree index has at most 2,704 bytes, and the source stands in it as well. */
const nameBytes = 1_000;

/** A longer name keeps its beginning, and is told apart by a hash. */
export function storableName(name: string): string {
  const clean = storableText(name);
  if (Buffer.byteLength(clean) <= nameBytes) return clean;
  const hash = createHash("sha256").update(clean).digest("hex");
  return storableText(`${clean.slice(0, 200)}…${hash}`);
}

export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, member) => storableMember(member));
}

function storableMember(member: unknown): unknown {
  if (typeof member === "string") return storableText(member);
  if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
  if (Object.keys(member).every((key) => storableText(key) === key)) return member;
  return Object.fromEntries(Object.entries(member).map(([key, value]) => [storableText(key), value]));
}
