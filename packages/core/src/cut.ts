/** A text and a number of tokens -> its beginning of as many, cut where a token of the text itself ends. */
import { encode, type Tokenizer } from "./tokenizer.ts";

/** So many numbers of tokens below the one asked for are tried too: one character may be several tokens, one word more. */
const ATTEMPTS = 16;

export interface Cut {
  tokenizer: Tokenizer;
  /** The most tokens of the beginning. */
  room: number;
  /** Whether the beginning may be sent. */
  fits(head: string): boolean;
  /** Whether the rest is to keep its tokens as well, so that no word is cut, where that costs but a few tokens. */
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

/** Enough of the rest to see its first token: BERT's words have 100 characters at most. */
const NEXT_WORD = 200;

/** As much of a text as surely holds the cut, so that cutting a piece costs no more for all that follows it. */
class Start {
  readonly text: string;
  readonly #tokenizer: Tokenizer;
  readonly #ids: number[];

  constructor(text: string, room: number, tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    // The last word may be cut, and its tokens not be the text's own: hence some more than are needed.
    const enough = room * 1.25 + 128;
    // Six characters a token: usual English is shorter, so that one step is nearly always enough.
    for (let length = room * 6 + 1000; ; length *= 2) {
      this.text = text.slice(0, splitsPair(text, length) ? length + 1 : length);
      this.#ids = Array.from(encode(tokenizer, this.text));
      if (this.#ids.length >= enough || this.text.length === text.length) return;
    }
  }

  /** Where what the first tokens decode to is the text's own beginning, the cut is after it. */
  decodedEnd(count: number): number | undefined {
    const head = this.#tokenizer.decode(this.#ids.slice(0, count));
    if (typeof head !== "string" || head === "" || !this.text.startsWith(head)) return undefined;
    return this.#isExactly(head.length, count) ? head.length : undefined;
  }

  /** Other tokenizers change the text (case, accents, spaces): the end of the `count`th token is searched. */
  searchedEnd(count: number): number | undefined {
    if (count > this.#ids.length) return undefined;
    const first = this.#firstEnd(count);
    if (!this.#isExactly(first, count)) return undefined;
    // What gives no token of its own, such as the rest of a word that the tokenizer does not know, goes along.
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

  /** Whether what follows begins with the text's next token, as it does not inside a word. */
  continues(end: number, count: number): boolean {
    const next = encode(this.#tokenizer, this.text.slice(end, end + NEXT_WORD))[0];
    return next === this.#ids[count];
  }

  /** The shortest beginning whose tokens start with the first `count`. */
  #firstEnd(count: number): number {
    let [low, lowCount] = [0, 0];
    let [high, highCount] = [this.text.length, this.#ids.length];
    for (let turn = 0; high - low > 1; turn++) {
      // Tokens are spread nearly evenly: aimed just behind and just before the cut in turns, both ends close in at once.
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

  /** How many ids are the text's own first ones. */
  #agreed(ids: ArrayLike<number>): number {
    let count = 0;
    while (count < ids.length && ids[count] === this.#ids[count]) count++;
    return count;
  }
}

/** For tokenizers whose tokens depend on all that follows: nothing but the limit is kept. */
function longestThatFits(text: string, fits: (head: string) => boolean): string {
  let end = 0;
  let tooLong = text.length;
  while (tooLong - end > 1) {
    const middle = Math.floor((end + tooLong) / 2);
    if (fits(text.slice(0, middle))) end = middle;
    else tooLong = middle;
  }
  if (splitsPair(text, end)) end--;
  // At least one character moves on, be it of two halves, so that pieces always end.
  return text.slice(0, end || (splitsPair(text, 1) ? 2 : 1));
}

/** Whether a cut at `at` would part the two halves of one character. */
function splitsPair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
