/** A text -> its token ids. */
import { describeType, expected } from "./check.ts";

/** Turns text into token ids and back. `encode` gives the ids without special tokens such as `[CLS]`. */
export interface Tokenizer {
  encode(text: string): ArrayLike<number>;
  decode(ids: number[]): string;
}

/** The text's ids. @throws TypeError for a tokenizer that gives something else, such as a promise or an object around them */
export function encode(tokenizer: Tokenizer, text: string): ArrayLike<number> {
  const ids: unknown = tokenizer.encode(text);
  if (typeof ids === "object" && ids !== null && "length" in ids && Number.isInteger(ids.length)) {
    return ids as ArrayLike<number>;
  }
  throw expected("profile.tokenizer.encode(text)", "an array of ids", describeType(ids));
}
