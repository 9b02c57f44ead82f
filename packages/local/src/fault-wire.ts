/** an answer and its socket -> half of the answer, or all of it, slowly */

import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { WireRule } from "./faults.ts";

const pieces = 20;

/**
 * Writes the answer onto the connection itself. `closing` ends a stall and hurries a drip: a server that is being closed
 * waits for nothing that would never end.
 */
export async function misdeliver(
  answer: Response,
  outgoing: ServerResponse,
  { fault, ms = 1000 }: WireRule,
  closing: AbortSignal,
): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  // A stream goes out in chunks, which Node makes itself; HTTP knows no length beside them.
  const { "transfer-encoding": chunked, ...headers } = Object.fromEntries(answer.headers);
  outgoing.writeHead(answer.status, chunked ? headers : { ...headers, "content-length": body.length });
  if (fault === "drip") {
    const size = Math.ceil(body.length / pieces) || 1;
    for (let start = 0; start < body.length && !outgoing.destroyed; start += size) {
      outgoing.write(body.subarray(start, start + size));
      await sleep(ms / pieces, undefined, { signal: closing }).catch(() => {});
    }
    outgoing.end();
    return;
  }
  const half = body.subarray(0, Math.floor(body.length / 2));
  await new Promise<void>((resolve) => outgoing.write(half, () => resolve()));
  if (fault === "reset") outgoing.socket?.resetAndDestroy();
  else if (fault === "cut") outgoing.destroy();
  else await gone(outgoing, closing);
}

/** Fulfilled when the client has given up, or the server closes and ends the connection itself. */
async function gone(outgoing: ServerResponse, closing: AbortSignal): Promise<void> {
  if (closing.aborted) outgoing.destroy();
  const end = () => outgoing.destroy();
  closing.addEventListener("abort", end);
  if (!outgoing.destroyed) await new Promise<void>((resolve) => outgoing.once("close", () => resolve()));
  closing.removeEventListener("abort", end);
}
