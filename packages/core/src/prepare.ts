/** Texts -> the strings to send for them, batch by batch, the longest first. */
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

/** One string of a request: a text or a piece of it, after the prompt. `index` is the text's. */
export interface Sent extends Sized {
  input: string;
  piece: number;
  /** The number of pieces of its text. */
  pieces: number;
  /** The piece's own tokens; 0 without a tokenizer. */
  tokens: number;
}

export interface PrepareOptions {
  options: ResolvedEmbedOptions;
  /** Returns the limits of the next batch. It is called for each batch. */
  limitsNow: () => BatchLimits;
  /** The caller's index of the first text. */
  offset: number;
  /** Called for a text that is not sent, because an equal one is. */
  onEqual: (index: number, first: number) => void;
}

/**
 * Each batch is made only when it is asked for, so that prompts, tokens and bytes of later batches are worked out while the
 * earlier ones travel.
 * @throws TypeError for a text that `longInput: "error"` refuses, before the first batch
 */
export function prepareBatches(
  texts: readonly string[],
  { options, limitsNow, offset, onEqual }: PrepareOptions,
): Iterable<Sent[]> {
  const { prompt, longInput, profile } = options;
  const { tokenizer, specialTokens = DEFAULT_SPECIAL_TOKENS } = profile;
  const piecesOf = (text: string, index: number) => cutText(text, index + offset, options);
  const checked = longInput === "error" ? texts.map(piecesOf) : undefined;
  // The tokens that every text has besides its own.
  const taken = tokenizer ? encode(tokenizer, prompt).length + specialTokens : 0;

  function* toSend(): Generator<Sent> {
    for (const index of distinct(texts, onEqual)) {
      const pieces = checked?.[index] ?? piecesOf(texts[index] as string, index);
      for (const [piece, { text, tokens }] of pieces.entries()) {
        const input = prompt + text;
        const length = tokenizer ? taken + tokens : text.length;
        yield { index, input, piece, pieces: pieces.length, tokens, length, bytes: byteLength(input) };
      }
    }
  }
  return planBatches(toSend(), () => ({ ...limitsNow(), padded: tokenizer && MAX_BATCH_TOKENS }));
}

/** The indices of the texts to send, the longest first. Of equal texts, only the first is sent. */
function* distinct(texts: readonly string[], onEqual: PrepareOptions["onEqual"]): Generator<number> {
  // Equal texts are equally long, so only texts of the current length need to be remembered.
  const ofThisLength = new Map<string, number>();
  let length = -1;
  for (const index of longestFirst(texts)) {
    const text = texts[index] as string;
    if (text.length !== length) ofThisLength.clear();
    length = text.length;
    const first = ofThisLength.get(text);
    if (first !== undefined) {
      onEqual(index, first);
    } else {
      ofThisLength.set(text, index);
      yield index;
    }
  }
}

/** `index` is the caller's. @throws TypeError for a text that is too long if `longInput` is "error" */
function cutText(text: string, index: number, { longInput, prompt, profile }: ResolvedEmbedOptions): Piece[] {
  const { tokenizer, maxTokens, specialTokens = DEFAULT_SPECIAL_TOKENS } = profile;
  if (!tokenizer) return [{ text, tokens: 0 }];
  if (longInput === "send" || !maxTokens) return [{ text, tokens: encode(tokenizer, text).length }];
  return fitText(text, index, longInput, { tokenizer, maxTokens, specialTokens, prompt });
}
