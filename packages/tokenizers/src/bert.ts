/** Nothing -> the tokenizer of bert-base-uncased, which BGE, UAE, gte-large and M2-BERT use. */
import type { Tokenizer } from "@together-retrieval/core";
import { bertVocabulary } from "./bert-vocabulary.ts";
import { WordPiece } from "./word-piece.ts";

let made: Tokenizer | undefined;

/**
 * The tokenizer of bert-base-uncased, with its vocabulary: nothing is downloaded or read from disk. For every character up to
 * Unicode 8 it gives the same ids as Hugging Face's tokenizers in Rust, which servers use. `[CLS]` and the like in a text are
 * therefore one special token each.
 *
 * Every call returns the same object. The first call builds it.
 */
export function bertTokenizer(): Tokenizer {
  if (!made) {
    const wordPiece = new WordPiece(bertVocabulary);
    made = { encode: (text) => wordPiece.encode(text), decode: (ids) => wordPiece.decode(ids) };
  }
  return made;
}
