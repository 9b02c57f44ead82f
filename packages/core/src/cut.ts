/** A text and a number of tokens -> the beginning of the text with that many tokens, cut at the end of a token. */
import { encode, type Tokenizer } from "./tokenizer.ts";

/** How many fewer tokens than allowed are tried as well: one character may be several tokens, and a word still more. */
const ATTEMPTS = 16;

export interface Cut {
  tokenizer: Tokenizer;
  /** The most tokens in the beginning. */
  room: number;
  /** Whether the beginning may be sent. */
  fits(head: string): boolean;
  /** Whether the rest must keep its tokens too. Then no word is cut, if that costs only a few tokens. */
  keepWords: boolean;
}

/** The longest beginning of at most `room` tokens that also `fits`; at least one character. */
export function takeHead(text: string, { tokenizer, room, fits, keepWords }: Cut): string {
  const start = new Start(text, room, tokenizer);
  if (start.text === text && fits(text)) return text;
  let longest: string | undefined;
  for (let count = room; count > Math.max(0, room - ATTEMPTS); count--) {
    const end = start.decodedEnd(count) ?? start.searchedEnd(count);
    if (end === undefined || !fits(text.slice(0, end))) continue;
    if (!keepWords || start.continues(end, count)) return text.slice(0, end);
    longest ??= text.slice(0, end);
  }
  return longest ?? longestThatFits(start.text, fits);
}

/** Enough characters of the rest to contain its first token: BERT's words have at most 100. */
const NEXT_WORD = 200;

/** A beginning that is long enough to contain the cut, so that the cost does not grow with the length of the whole text. */
class Start {
  readonly text: string;
  readonly #tokenizer: Tokenizer;
  readonly #ids: number[];

  constructor(text: string, room: number, tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    // The last word may be cut, and then has other tokens than in the text: so take some tokens more than needed.
    const enough = room * 1.25 + 128;
    // Six characters a token: English tokens are usually shorter, so one step is nearly always enough.
    for (let length = room * 6 + 1000; ; length *= 2) {
      this.text = text.slice(0, splitsPair(text, length) ? length + 1 : length);
      this.#ids = Array.from(encode(tokenizer, this.text));
      if (this.#ids.length >= enough || this.text.length === text.length) return;
    }
  }

  /** If the first tokens decode to the beginning of the text itself, the cut comes after it. */
  decodedEnd(count: number): number | undefined {
    const head = this.#tokenizer.decode(this.#ids.slice(0, count));
    if (typeof head !== "string" || head === "" || !this.text.startsWith(head)) return undefined;
    return this.#isExactly(head.length, count) ? head.length : undefined;
  }

  /** Other tokenizers change the text (case, accents, spaces), so this searches for the end of the `count`th token. */
  searchedEnd(count: number): number | undefined {
    if (count > this.#ids.length) return undefined;
    const first = this.#firstEnd(count);
    if (!this.#isExactly(first, count)) return undefined;
    // Characters without a token of their own, such as the rest of an unknown word, belong to the beginning too.
    let end = first;
    for (let step = 1; step >= 1; ) {
      if (end + step <= this.text.length && this.#isExactly(end + step, count)) {
        end += step;
        step *= 2;
      } else {
        step = Math.floor(step / 2);
      }
    }
    return end;
  }

  /** Whether the rest begins with the text's next token. It does not if the cut is inside a word. */
  continues(end: number, count: number): boolean {
    const next = encode(this.#tokenizer, this.text.slice(end, end + NEXT_WORD))[0];
    return next === this.#ids[count];
  }

  /** The shortest beginning whose tokens start with the first `count`. */
  #firstEnd(count: number): number {
    let [low, lowCount] = [0, 0];
    let [high, highCount] = [this.text.length, this.#ids.length];
    for (let turn = 0; high - low > 1; turn++) {
      // Tokens are spread nearly evenly, so the guesses alternate just behind and just before the expected cut: both bounds close in.
      const aim = count + (turn % 2 === 0 ? 1 : -1);
      const share = turn < 8 ? (aim - lowCount) / (highCount - lowCount) : 0.5;
      const middle = Math.min(high - 1, Math.max(low + 1, low + Math.round(share * (high - low))));
      const agreed = this.#agreed(encode(this.#tokenizer, this.text.slice(0, middle)));
      if (agreed >= count) [high, highCount] = [middle, agreed];
      else [low, lowCount] = [middle, agreed];
    }
    return splitsPair(this.text, high) ? high + 1 : high;
  }

  /** Whether the beginning of this length has the text's first `count` tokens and no others. */
  #isExactly(end: number, count: number): boolean {
    if (splitsPair(this.text, end)) return false;
    const ids = encode(this.#tokenizer, this.text.slice(0, end));
    return ids.length === count && this.#agreed(ids) === count;
  }

  /** How many ids are equal to the text's first ids. */
  #agreed(ids: ArrayLike<number>): number {
    let count = 0;
    while (count < ids.length && ids[count] === this.#ids[count]) count++;
    return count;
  }
}

/** For tokenizers whose tokens depend on all of the following text. Only the limit is kept. */
function longestThatFits(text: string, fits: (head: string) => boolean): string {
  let end = 0;
  let tooLong = text.length;
  while (tooLong - end > 1) {
    const middle = Math.floor((end + tooLong) / 2);
    if (fits(text.slice(0, middle))) end = middle;
    else tooLong = middle;
  }
  if (splitsPair(text, end)) end--;
  // Take at least one character, even of two code units, so that the loop over pieces always ends.
  return text.slice(0, end || (splitsPair(text, 1) ? 2 : 1));
}

/** Whether a cut at `at` would separate the two code units of one character. */
function splitsPair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
