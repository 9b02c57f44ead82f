/** A text over the model's token limit -> an error, its beginning, or pieces that each fit. Short texts pass byte for byte. */
import type { Tokenizer } from "./profiles.ts";

export interface TokenLimit {
  tokenizer: Tokenizer;
  /** The model's limit, prompt and special tokens counted in. */
  maxTokens: number;
  specialTokens: number;
  prompt: string;
}

/** A part of a text that fits the model, and its number of tokens. */
export interface Piece {
  text: string;
  tokens: number;
}

/** One piece for a text that fits or is truncated; more for `"average"`. @throws TypeError for `"error"`, naming the index. */
export function fitText(
  text: string,
  index: number,
  longInput: "error" | "truncate" | "average",
  limit: TokenLimit,
): Piece[] {
  const tokens = countTokens(text, limit);
  if (tokens <= limit.maxTokens) return [{ text, tokens }];
  if (longInput === "error") {
    throw new TypeError(
      `Expected text ${index} to have at most ${limit.maxTokens} tokens, got ${tokens} (prompt and special tokens counted in). Split it, or set \`longInput\` to "truncate" or "average"`,
    );
  }
  const pieces: Piece[] = [];
  let rest = text;
  do {
    const head = takeHead(rest, limit);
    pieces.push({ text: head, tokens: limit.tokenizer.encode(head).length });
    rest = rest.slice(head.length);
  } while (longInput === "average" && rest.trim() !== "");
  return pieces;
}

function countTokens(text: string, { tokenizer, specialTokens, prompt }: TokenLimit): number {
  return tokenizer.encode(prompt + text).length + specialTokens;
}

/** The text itself if it fits, else its longest beginning that fits and ends at a token border. */
function takeHead(text: string, limit: TokenLimit): string {
  const { tokenizer, maxTokens } = limit;
  if (countTokens(text, limit) <= maxTokens) return text;
  const taken = countTokens("", limit);
  const room = maxTokens - taken;
  if (room < 1) {
    throw new TypeError(`Expected the prompt to leave room in ${maxTokens} tokens, got a prompt of ${taken}`);
  }
  const guess = exactHead(text, room, tokenizer);
  if (guess && countTokens(guess, limit) <= maxTokens) return guess;
  return searchHead(text, limit);
}

/** What the first tokens decode to, where decoding gives back the text itself. */
function exactHead(text: string, room: number, tokenizer: Tokenizer): string | undefined {
  const ids = Array.from(tokenizer.encode(text)).slice(0, room);
  const head = tokenizer.decode(ids);
  return head !== "" && text.startsWith(head) && !splitsPair(text, head.length) ? head : undefined;
}

/** Other tokenizers change the text (case, spaces): the longest head that fits is searched by halving. */
function searchHead(text: string, limit: TokenLimit): string {
  let fits = 0;
  let tooLong = text.length;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (countTokens(text.slice(0, middle), limit) <= limit.maxTokens) fits = middle;
    else tooLong = middle;
  }
  // At least one character moves on, be it of two halves, so that pieces always end.
  const end = splitsPair(text, fits) ? fits - 1 : fits;
  return text.slice(0, end || (splitsPair(text, 1) ? 2 : 1));
}

/** Whether a cut at `at` would part the two halves of one character. */
function splitsPair(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text[at - 1] ?? "") && /[\udc00-\udfff]/.test(text[at] ?? "");
}

/**
 * The mean of the pieces' vectors, weighted by their tokens and scaled to length 1: the mean of vectors that point apart is
 * shorter than they are, and a dot product would rank a long text lower for that alone.
 */
export function averageVectors(vectors: readonly number[][], pieces: readonly Piece[]): number[] {
  const mean = new Array<number>(vectors[0]?.length ?? 0).fill(0);
  const total = pieces.reduce((sum, { tokens }) => sum + tokens, 0);
  for (const [at, vector] of vectors.entries()) {
    const weight = (pieces[at]?.tokens ?? 0) / total;
    for (const [dimension, value] of vector.entries())
      mean[dimension] = (mean[dimension] ?? 0) + value * weight;
  }
  return normalizeVector(mean);
}

/** The vector scaled to length 1; a vector of zeros stays as it is. */
export function normalizeVector(vector: readonly number[]): number[] {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return length === 0 ? [...vector] : vector.map((value) => value / length);
}
