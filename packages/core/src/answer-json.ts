/** The text of an answer -> its JSON value, or what is wrong with it. */

/** A whole string, or a number that is not finite: `NaN` and `Infinity` as Python writes them, `nan` and `inf` as C does. */
const STRING_OR_NOT_FINITE = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|[-+]?\b(?:nan|inf(?:inity)?)\b/gi;

/** @returns `undefined` for text that is not JSON. The platform's error would quote it, and it may contain the caller's texts. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text with null for numbers that are not finite. */
export function withNulls(text: string): string {
  return text.replace(STRING_OR_NOT_FINITE, (at) => (at[0] === '"' ? at : "null"));
}

/** Whether the text is only the beginning of an object or an array. */
export function endsEarly(text: string): boolean {
  const marks = text.replace(STRING_OR_NOT_FINITE, "");
  const count = (pattern: RegExp) => marks.match(pattern)?.length ?? 0;
  return /^\s*[[{]/.test(marks) && (marks.includes('"') || count(/[[{]/g) > count(/[\]}]/g));
}
