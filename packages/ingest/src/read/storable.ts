/** text and metadata -> what Postgres can hold: no NUL, no half characters */

export function storableText(text: string): string {
  // A lone surrogate has no UTF-8: it becomes U+FFFD here, as it would on the way to the API.
  return Buffer.from(text.replaceAll("\0", "")).toString();
}

export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, member) => (typeof member === "string" ? storableText(member) : member));
}
