/** long documents -> chunks of so many tokens, and a ranking of chunks -> a ranking of their documents */
import type { Tokenizer } from "@together-retrieval/core";
import type { Text } from "./found.ts";

/** Whole words, as many as fit; a chunk's id is its document's, `#`, and its number. */
export function chunksOf({ id, text }: Text, tokenizer: Tokenizer, tokens: number): Text[] {
  const chunks: string[] = [];
  let chunk = "";
  let length = 0;
  for (const word of text.match(/\s*\S+/g) ?? []) {
    const more = tokenizer.encode(word).length;
    if (length > 0 && length + more > tokens) {
      chunks.push(chunk);
      [chunk, length] = ["", 0];
    }
    chunk += word;
    length += more;
  }
  return [...chunks, chunk].map((part, at) => ({ id: `${id}#${at}`, text: part.trim() }));
}

/** A document stands where its best chunk stands. */
export function documentsOf(chunkIds: readonly string[], limit: number): string[] {
  return [...new Set(chunkIds.map((id) => id.slice(0, id.lastIndexOf("#"))))].slice(0, limit);
}
