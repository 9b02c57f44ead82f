/** bytes -> lines of text, each decoded by itself: bytes that are no UTF-8 spoil their own line alone */
import { isUtf8 } from "node:buffer";
import { IngestError } from "../ingest-error.ts";

/** Stands for bytes that are no UTF-8. A noncharacter: no text has it. */
export const broken = "\uFDD0";

/** A line has to be in memory whole. */
const lineBytes = 256 * 2 ** 20;

/** Without a byte order mark, with their line ends. @throws IngestError for a line that is too long */
export async function* readLines(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  let isStart = true;
  for await (const part of wholeLines(bytes, name)) {
    const text = decodeLines(part);
    const lines = (isStart ? text.replace(/^\uFEFF/, "") : text).split(/(?<=\n)/);
    isStart = false;
    yield* lines;
  }
}

/** Parts that end with a line. */
async function* wholeLines(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Buffer> {
  let rest: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytes) {
    const end = part.lastIndexOf(0x0a) + 1;
    size += part.length;
    if (end > 0) {
      yield Buffer.concat([...rest, part.subarray(0, end)]);
      rest = [];
      size = part.length - end;
    }
    rest.push(part.subarray(end));
    if (size > lineBytes)
      throw new IngestError("source", `${name} has a line of more than ${lineBytes / 2 ** 20} MiB`);
  }
  if (size > 0) yield Buffer.concat(rest);
}

function decodeLines(part: Buffer): string {
  if (isUtf8(part)) return part.toString();
  let text = "";
  for (let start = 0; start < part.length; ) {
    const next = part.indexOf(0x0a, start) + 1 || part.length;
    const line = part.subarray(start, next);
    text += isUtf8(line) ? line.toString() : line.toString().replaceAll("\uFFFD", broken);
    start = next;
  }
  return text;
}
