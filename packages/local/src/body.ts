/** an incoming request -> its body, up to the limits */
import type { IncomingMessage } from "node:http";
import { type Budget, overloaded } from "./budget.ts";
import { Refusal } from "./refusal.ts";

/**
 * Reads the whole body; the caller releases its bytes when the request is answered. One that is too large is read to its end all the
 * same, and thrown away: a client that is still sending would see a reset connection instead of the answer.
 *
 * @throws Refusal 413 above the limit of one body; 503 when too much is held for other requests.
 */
export async function readBody(incoming: IncomingMessage, budget: Budget): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let held = 0;
  let full = false;
  const drop = () => {
    budget.release(held);
    held = 0;
    chunks.length = 0;
  };
  try {
    for await (const chunk of incoming) {
      size += chunk.length;
      if (full || size > budget.maxEach) drop();
      else if (budget.hold(chunk.length)) {
        held += chunk.length;
        chunks.push(chunk);
      } else {
        full = true;
        drop();
      }
    }
  } catch (error) {
    drop();
    throw error;
  }
  if (size > budget.maxEach) {
    throw new Refusal(413, `The body has ${size} bytes; at most ${budget.maxEach} are read`);
  }
  if (full) throw overloaded();
  return Buffer.concat(chunks);
}
