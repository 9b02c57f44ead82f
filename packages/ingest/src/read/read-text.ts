/** bytes -> text in blocks that end between paragraphs where they can */
import { IngestError } from "../ingest-error.ts";
import type { Block } from "./source-document.ts";

/** Characters of a block: many chunks, so that few of them end at its edge, and little memory. */
const blockCharacters = 256 * 1024;

/** @throws IngestError for bytes that are no text */
export async function* readText(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Block> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let line = 1;
  for await (const part of bytes) {
    text += decode(decoder, part, name);
    while (text.length >= 2 * blockCharacters) {
      const end = cutAt(text);
      const block = text.slice(0, end);
      yield { text: block, line };
      line += countLines(block);
      text = text.slice(end);
    }
  }
  text += decode(decoder, undefined, name);
  if (text !== "") yield { text, line };
}

function decode(decoder: TextDecoder, part: Uint8Array | undefined, name: string): string {
  try {
    const text = part ? decoder.decode(part, { stream: true }) : decoder.decode();
    // NUL is valid UTF-8, but no text has it, and Postgres takes none.
    if (!text.includes("\0")) return text;
  } catch {
    // Not UTF-8: said below.
  }
  throw new IngestError("source", `${name} is no text: expected UTF-8`);
}

/** The last paragraph's end in the block, else the last line's, else its full length without half a character. */
function cutAt(text: string): number {
  const paragraph = text.lastIndexOf("\n\n", blockCharacters);
  if (paragraph > 0) return paragraph + 2;
  const line = text.lastIndexOf("\n", blockCharacters);
  if (line > 0) return line + 1;
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(blockCharacters - 1));
  return blockCharacters - (isHalf ? 1 : 0);
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
