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
  /** Told of a text that does not travel, because an equal one does. */
  onEqual: (index: number, first: number) => void;
}

/**
 * Each batch is made when it is asked for: prompts, tokens and bytes of the others are work for the time when it travels.
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
  // What every text has beside its own tokens.
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

/** The indices of the texts that travel, the longest first: of equal texts the first. */
function* distinct(texts: readonly string[], onEqual: PrepareOptions["onEqual"]): Generator<number> {
  // Equal texts have one length: those of other lengths need not be kept.
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

/** `index` is the caller's. @throws TypeError for a text that is too long, with `longInput: "error"` */
function cutText(text: string, index: number, { longInput, prompt, profile }: ResolvedEmbedOptions): Piece[] {
  const { tokenizer, maxTokens, specialTokens = DEFAULT_SPECIAL_TOKENS } = profile;
  if (!tokenizer) return [{ text, tokens: 0 }];
  if (longInput === "send" || !maxTokens) return [{ text, tokens: encode(tokenizer, text).length }];
  return fitText(text, index, longInput, { tokenizer, maxTokens, specialTokens, prompt });
}
