/** a text -> its sentences */

/** A blank line, a line of dashes, or one that begins a list, heading, table or quotation ends what stood before it. */
const block = /\n\s*\n|\n[ \t]*[-=_*~]{3,}[ \t]*(?:\n|$)|\n(?=\s*(?:[-*#>|+]|\d+[.)])\s)/;

/** White space after a sentence's end, but not after an abbreviation or a list's number. (`Intl.Segmenter` takes quadratic time on long texts.) */
const end =
  /(?<=[.!?。！？]["'”’)\]]?)(?<!^\d+\.)(?<!\b(?:e\.g|i\.e|cf|etc|vs|dr|mr|mrs|ms|prof|fig|al|st)\.)\s+/iu;

/** The sentences in order, their white space made single spaces; line wrapping inside a paragraph ends none. */
export function sentences(text: string): string[] {
  return text
    .split(block)
    .flatMap((part) => part.replace(/\s+/g, " ").trim().split(end))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}
