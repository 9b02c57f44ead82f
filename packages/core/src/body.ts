/** A response -> its JSON value, read while it arrives. */
import { onAbort } from "./abort.ts";
import { AnswerParser } from "./answer-json.ts";

/** @returns `undefined` for what is not JSON. @throws the platform's error for a connection that breaks; the signal's reason */
export async function readBody(response: Response, signal: AbortSignal): Promise<unknown> {
  const parser = new AnswerParser();
  await readChunks(response, signal, (chunk) => parser.push(chunk));
  try {
    return parser.end();
  } catch {
    // The parser's own message quotes the body, which may hold the caller's texts.
    return undefined;
  }
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
