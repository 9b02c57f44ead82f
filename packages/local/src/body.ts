/** an incoming request -> its body, up to the limit */
import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/**
 * Reads the whole body. One that is too large is read to its end all the same, and thrown away: a client that is still
 * sending would see a reset connection instead of the 413.
 */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > maxBytes) {
    throw new Refusal(413, `The body has ${size} bytes; at most ${maxBytes} are read`);
  }
  return Buffer.concat(chunks);
}
