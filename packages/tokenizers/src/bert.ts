/** nothing -> the tokenizer of bert-base-uncased: BGE's, UAE's, gte-large's and M2-BERT's */
import type { Tokenizer } from "@together-retrieval/core";
import { bertVocabulary } from "./bert-vocabulary.ts";
import { WordPiece } from "./word-piece.ts";

let made: Tokenizer | undefined;

/**
 * The tokenizer of bert-base-uncased, with its vocabulary: nothing is downloaded or read from disk. It gives the ids of
 * Hugging Face's tokenizers in Rust, which servers use, for every character up to Unicode 8; so `[CLS]` and its like, written
 * in a text, are one special token each.
 *
 * Every call gives the same object; the first one builds it.
 */
export function bertTokenizer(): Tokenizer {
  if (!made) {
    const wordPiece = new WordPiece(bertVocabulary);
    made = { encode: (text) => wordPiece.encode(text), decode: (ids) => wordPiece.decode(ids) };
  }
  return made;
}
