/** a passage -> the part of it to show in a line or two, where the most words match */
import type { Piece } from "./words.ts";

/** The text on one line, without the marks of headings, code, tables and emphasis. */
export function plainText(text: string): string {
  return text
    .replace(/^(?:```|~~~).*$|^#+ |^\|?[-:| ]+\|[-:| ]*$|[`|]|\*\*/gm, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** @returns about `length` characters at most. It begins at a word, after a … if something was left out before it. */
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
  // A match near the beginning is shown from the beginning. Before any other match a few words are shown.
  if (best < length * 0.3) return text.slice(0, length);
  const start = Math.min(best - 24, text.length - length);
  const word = text.indexOf(" ", start) + 1;
  return `…${text.slice(word, word + length)}`;
}
