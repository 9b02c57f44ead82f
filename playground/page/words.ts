/** a question and a text -> the text in pieces, with a mark on those that share a word with the question */
import { stemmer } from "stemmer";
import { eng } from "stopword";

export interface Piece {
  text: string;
  isMatch: boolean;
}

const stopWords = new Set(eng);
const words = /[\p{L}\p{N}]+/gu;
/** The parts of `maxConnections` and `PGlite`. */
const parts = /\p{Lu}?[\p{Ll}\p{N}]+|\p{Lu}+|[^\p{Lu}\p{Ll}]+/gu;

/** Words match by their stems, so `requests` finds `request`. Common words such as `the` are ignored. */
export function matchWords(question: string): (text: string) => Piece[] {
  const wanted = new Set([...question.matchAll(words)].map(([word]) => stem(word)).filter(Boolean));
  const isWanted = (word: string) => wanted.has(stem(word));
  return (text) => {
    const pieces: Piece[] = [];
    let end = 0;
    for (const { 0: word, index } of text.matchAll(words)) {
      const found = isWanted(word)
        ? [{ from: index, word }]
        : partsOf(word, index).filter((part) => isWanted(part.word));
      for (const { from, word: matched } of found) {
        if (from > end) pieces.push({ text: text.slice(end, from), isMatch: false });
        pieces.push({ text: matched, isMatch: true });
        end = from + matched.length;
      }
    }
    if (end < text.length) pieces.push({ text: text.slice(end), isMatch: false });
    return pieces;
  };
}

function partsOf(word: string, index: number): { from: number; word: string }[] {
  return [...word.matchAll(parts)].map((part) => ({ from: index + part.index, word: part[0] }));
}

/** The stem of a word, or an empty string for a common word. */
function stem(word: string): string {
  const lower = word.toLowerCase();
  return lower.length < 2 || stopWords.has(lower) ? "" : stemmer(lower);
}
