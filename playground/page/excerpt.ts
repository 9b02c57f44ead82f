/** a passage -> the part of it to show in a line or two: where most words match */
import type { Piece } from "./words.ts";

/** Without the marks of headings, code, tables and emphasis, on one line. */
export function plainText(text: string): string {
  return text
    .replace(/^(?:```|~~~).*$|^#+ |^\|?[-:| ]+\|[-:| ]*$|[`|]|\*\*/gm, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** @returns at most about `length` characters; begins at a word, with … when something stands before it */
export function excerpt(text: string, match: (text: string) => Piece[], length: number): string {
  if (text.length <= length) return text;
  const matches: number[] = [];
  let at = 0;
  for (const { text: piece, isMatch } of match(text)) {
    if (isMatch) matches.push(at);
    at += piece.length;
  }
  const inWindow = (from: number) =>
    matches.filter((place) => place >= from && place < from + length * 0.8).length;
  let best = 0;
  for (const from of matches) if (inWindow(from) > inWindow(best)) best = from;
  // What is near the beginning is read from the beginning; elsewhere a few words stand before the match.
  if (best < length * 0.3) return text.slice(0, length);
  const start = Math.min(best - 24, text.length - length);
  const word = text.indexOf(" ", start) + 1;
  return `…${text.slice(word, word + length)}`;
}
