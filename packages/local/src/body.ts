/** an incoming request -> its body, up to the limits */
import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/** How many bytes of bodies are held at once, over all requests that are not answered yet. */
export class BodyBudget {
  readonly maxBytes: number;
  readonly #maxTotal: number;
  #held = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
    this.#maxTotal = Math.max(16 * 2 ** 20, 8 * maxBytes);
  }

  /** Whether so much more may be held; if so, it is. */
  hold(bytes: number): boolean {
    if (this.#held + bytes > this.#maxTotal) return false;
    this.#held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#held -= bytes;
  }
}

/**
 * Reads the whole body; the caller releases its bytes when the request is answered. One that is too large is read to its end all the
 * same, and thrown away: a client that is still sending would see a reset connection instead of the answer.
 *
 * @throws Refusal 413 above the limit of one body; 503 when too much is held for other requests.
 */
export async function readBody(incoming: IncomingMessage, budget: BodyBudget): Promise<Uint8Array> {
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
      if (full || size > budget.maxBytes) drop();
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
  if (size > budget.maxBytes) {
    throw new Refusal(413, `The body has ${size} bytes; at most ${budget.maxBytes} are read`);
  }
  if (full) {
    const message = "Too many large requests at once; try again when some are answered";
    throw new Refusal(503, message, { type: "server_error", code: "overloaded" });
  }
  return Buffer.concat(chunks);
}
