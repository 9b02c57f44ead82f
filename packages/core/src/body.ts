/** A response -> its JSON value. */
import { onAbort } from "./abort.ts";
import { endsEarly, parseJson, withNulls } from "./answer-json.ts";

/**
 * @returns `undefined` for what is not JSON
 * @throws the platform's error for a connection that breaks, an error of our own for one that broke in silence; the signal's reason
 */
export async function readBody(response: Response, signal: AbortSignal): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = "";
  await readChunks(response, signal, (chunk) => {
    text += decoder.decode(chunk, { stream: true });
  });
  text += decoder.decode();
  await nextTurn();
  signal.throwIfAborted();
  const json = parseJson(text);
  if (json !== undefined) return json;
  if (text === "" ? closes(response) : mayBeCut(response) && endsEarly(text))
    throw new Error("the answer stopped in the middle");
  return parseJson(withNulls(text));
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

let lastTurn: Promise<void> = Promise.resolve();

/**
 * Node hands over what has come on all connections in one turn of its event loop, in which nothing else gets its own: each
 * answer is parsed in another turn.
 */
function nextTurn(): Promise<void> {
  if (setImmediate) lastTurn = lastTurn.then(() => new Promise((resolve) => setImmediate(resolve)));
  return lastTurn;
}
