/** A response -> its JSON value, read while it arrives. */
import { onAbort } from "./abort.ts";
import { AnswerParser } from "./answer-json.ts";

/**
 * @returns `undefined` for what is not JSON
 * @throws the platform's error for a connection that breaks, an error of our own for one that broke in silence; the signal's reason
 */
export async function readBody(response: Response, signal: AbortSignal): Promise<unknown> {
  const parser = new AnswerParser();
  let isEmpty = true;
  await readChunks(response, signal, (chunk) => {
    isEmpty &&= chunk.length === 0;
    parser.push(chunk);
  });
  // The parser's own message quotes the body, which may hold the caller's texts.
  const json = attempt(() => parser.end());
  if (json !== undefined) return json;
  if (isEmpty ? closes(response) : mayBeCut(response) && parser.endsEarly())
    throw new Error("the answer stopped in the middle");
  return attempt(() => parser.withNulls());
}

/** JSON holds no `undefined`. */
function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Whether the end of the connection is all that ended the body: nothing tells such an end from a break. */
function mayBeCut(response: Response): boolean {
  const { headers } = response;
  return !headers?.has("content-length") && (closes(response) || !headers?.has("transfer-encoding"));
}

function closes({ headers }: Response): boolean {
  return headers?.get("connection")?.toLowerCase() === "close" && !headers.has("content-length");
}

async function readChunks(
  response: Response,
  signal: AbortSignal,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  const reader = response.body?.getReader?.();
  if (!reader) {
    // What another `fetch` answers with may have a body of another kind.
    signal.throwIfAborted();
    return onChunk(new Uint8Array(await response.arrayBuffer()));
  }
  // Such a `fetch` may ignore its signal, too.
  const cancel = () => void reader.cancel().catch(() => {});
  const stopListening = onAbort(signal, cancel);
  try {
    // It may have come too late.
    signal.throwIfAborted();
    for (;;) {
      const { done, value } = await reader.read();
      // What is cancelled ends as if it were whole.
      signal.throwIfAborted();
      if (done) return;
      onChunk(value);
      if (setImmediate && performance.now() > turnEndsAt) await nextTurn(setImmediate);
    }
  } catch (error) {
    cancel();
    throw error;
  } finally {
    stopListening();
  }
}

/** Taken at the start: a program's tests may put fake timers in its place later. Browsers have none, and need none. */
const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void };

/** Well under the tenth of a second that is felt: in one turn, each of many connections may add a chunk to it. */
const TURN_MS = 10;
let turnEndsAt = 0;

/** Node hands over what has come on all connections in one turn of its event loop, in which nothing else gets its own. */
async function nextTurn(queue: (callback: () => void) => void): Promise<void> {
  await new Promise<void>((resolve) => queue(resolve));
  turnEndsAt = performance.now() + TURN_MS;
}
