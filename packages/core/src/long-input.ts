/** A text over the model's token limit -> an error, its beginning, or pieces that each fit. Short texts are not changed. */
import { takeHead } from "./cut.ts";
import { encode, type Tokenizer } from "./tokenizer.ts";
import { normalizeVector } from "./vectors.ts";

export interface TokenLimit {
  tokenizer: Tokenizer;
  /** The model's limit in tokens, which includes the prompt and the special tokens. */
  maxTokens: number;
  specialTokens: number;
  prompt: string;
}

/** A part of a text that fits the model, and its number of tokens without the prompt and the special tokens. */
export interface Piece {
  text: string;
  tokens: number;
}

/** The vector of a piece. */
export interface PieceVector {
  vector: number[];
  tokens: number;
}

/** One piece for a text that fits or is truncated; more for `"average"`. @throws TypeError for `"error"`, naming the index. */
export function fitText(
  text: string,
  index: number,
  longInput: "error" | "truncate" | "average",
  limit: TokenLimit,
): Piece[] {
  const { tokenizer, maxTokens, specialTokens, prompt } = limit;
  const countTokens = (part: string) => encode(tokenizer, prompt + part).length + specialTokens;
  const tokens = countTokens(text);
  const taken = countTokens("");
  if (tokens <= maxTokens) return [{ text, tokens: tokens - taken }];
  if (longInput === "error") {
    throw new TypeError(
      `Expected text ${index} to have at most ${maxTokens} tokens, got ${tokens} with prompt and special tokens. Split it, or set \`longInput\` to "truncate" or "average"`,
    );
  }
  if (taken >= maxTokens)
    throw new TypeError(`Expected the prompt to leave room in ${maxTokens} tokens, got a prompt of ${taken}`);
  const cut = {
    tokenizer,
    room: maxTokens - taken,
    fits: (head: string) => countTokens(head) <= maxTokens,
    keepWords: longInput === "average",
  };
  const pieces: Piece[] = [];
  let rest = text;
  do {
    const head = takeHead(rest, cut);
    pieces.push({ text: head, tokens: encode(tokenizer, head).length });
    rest = rest.slice(head.length);
  } while (longInput === "average" && rest.trim() !== "");
  // A rest without tokens, such as control characters, is not worth a request.
  return pieces.filter(({ tokens }, at) => at === 0 || tokens > 0);
}

/**
 * The mean of the pieces' vectors, weighted by their tokens and scaled to length 1. Without the scaling, a mean of vectors in
 * different directions is shorter than each of them, and a dot product would rank a long text too low.
 */
export function averageVectors(parts: readonly PieceVector[]): number[] {
  const sum: number[] = [];
  for (const { vector, tokens } of parts)
    for (const [dimension, value] of vector.entries())
      sum[dimension] = (sum[dimension] ?? 0) + value * tokens;
  return normalizeVector(sum);
}
