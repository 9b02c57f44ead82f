/** texts -> what travels for them, batch by batch, the longest first */
import {
  type BatchLimits,
  byteLength,
  longestFirst,
  MAX_BATCH_TOKENS,
  planBatches,
  type Sized,
} from "./batch.ts";
import { fitText, type Piece } from "./long-input.ts";
import { DEFAULT_SPECIAL_TOKENS } from "./profiles.ts";
import type { ResolvedEmbedOptions } from "./resolve.ts";
import { encode } from "./tokenizer.ts";

/** One string of a request: a text or a piece of it, with the prompt before it. `index` is the text's. */
export interface Sent extends Sized {
  input: string;
  piece: number;
  /** How many pieces its text has. */
  pieces: number;
  /** The piece's own; 0 where there is no tokenizer. */
  tokens: number;
}

export interface PrepareOptions {
  options: ResolvedEmbedOptions;
  /** What a batch may hold, asked for each anew. */
  limitsNow: () => BatchLimits;
  /** The caller's index of the first text. */
  offset: number;
}

/** For each text, the index of the first that is equal: only that one travels. */
export function firstEquals(texts: readonly string[]): Int32Array {
  const firsts = new Int32Array(texts.length);
  const known = new Map<string, number>();
  for (let index = 0; index < texts.length; index++) {
    const text = texts[index] as string;
    const first = known.get(text) ?? index;
    if (first === index) known.set(text, index);
    firsts[index] = first;
  }
  return firsts;
}

/**
 * Each batch is made when it is asked for: prompts, tokens and bytes of the others are work for the time when it travels.
 * @param firsts what `firstEquals` gave for the texts
 * @throws TypeError for a text that `longInput: "error"` refuses, before the first batch
 */
export function prepareBatches(
  texts: readonly string[],
  firsts: Int32Array,
  { options, limitsNow, offset }: PrepareOptions,
): Iterable<Sent[]> {
  const { prompt, longInput, profile } = options;
  const { tokenizer, specialTokens = DEFAULT_SPECIAL_TOKENS } = profile;
  const distinct: number[] = [];
  for (let index = 0; index < texts.length; index++) if (firsts[index] === index) distinct.push(index);
  const piecesOf = (index: number) => cutText(texts[index] as string, index + offset, options);
  const checked =
    longInput === "error" ? new Map(distinct.map((index) => [index, piecesOf(index)])) : undefined;
  // What every text has beside its own tokens.
  const taken = tokenizer ? encode(tokenizer, prompt).length + specialTokens : 0;

  function* toSend(): Generator<Sent> {
    for (const index of longestFirst(distinct, (index) => (texts[index] as string).length)) {
      const pieces = checked?.get(index) ?? piecesOf(index);
      for (const [piece, { text, tokens }] of pieces.entries()) {
        const input = prompt + text;
        const length = tokenizer ? taken + tokens : text.length;
        yield { index, input, piece, pieces: pieces.length, tokens, length, bytes: byteLength(input) };
      }
    }
  }
  return planBatches(toSend(), () => ({ ...limitsNow(), padded: tokenizer && MAX_BATCH_TOKENS }));
}

/** `index` is the caller's. @throws TypeError for a text that is too long, with `longInput: "error"` */
function cutText(text: string, index: number, { longInput, prompt, profile }: ResolvedEmbedOptions): Piece[] {
  const { tokenizer, maxTokens, specialTokens = DEFAULT_SPECIAL_TOKENS } = profile;
  if (!tokenizer) return [{ text, tokens: 0 }];
  if (longInput === "send" || !maxTokens) return [{ text, tokens: encode(tokenizer, text).length }];
  return fitText(text, index, longInput, { tokenizer, maxTokens, specialTokens, prompt });
}
