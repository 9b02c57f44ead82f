/** A response -> its JSON value. */
import { onAbort } from "./abort.ts";
import { endsEarly, parseJson, withNulls } from "./answer-json.ts";
import { mayShare } from "./platform.ts";

/**
 * @returns `undefined` for a body that is not JSON
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
  if (mayBeCut(response) && (text === "" ? promisesMore(response) : endsEarly(text)))
    throw new Error("the answer stopped in the middle");
  return parseJson(withNulls(text));
}

/**
 * Whether a broken connection may look like a complete answer: where only the end of the connection marks the end of the body,
 * and where the platform unpacks it, because Node takes half of a gzip for a whole.
 */
function mayBeCut({ headers }: Response): boolean {
  if (headers?.has("content-encoding")) return true;
  if (headers?.has("content-length")) return false;
  return closes(headers) || !headers?.has("transfer-encoding");
}

function promisesMore({ headers }: Response): boolean {
  return closes(headers) || /json/i.test(headers?.get("content-type") ?? "");
}

function closes(headers: Headers): boolean {
  return /\bclose\b/i.test(headers?.get("connection") ?? "");
}

async function readChunks(
  response: Response,
  signal: AbortSignal,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  const reader = response.body?.getReader?.();
  if (!reader) {
    // A `fetch` of the caller's may return a body that is not a stream.
    signal.throwIfAborted();
    return onChunk(new Uint8Array(await response.arrayBuffer()));
  }
  // Such a `fetch` may also ignore its signal.
  const cancel = () => void reader.cancel().catch(() => {});
  const stopListening = onAbort(signal, cancel);
  try {
    // The body may have come after the abort.
    signal.throwIfAborted();
    for (;;) {
      const { done, value } = await reader.read();
      // A cancelled stream ends as if it were complete.
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

/** Read at load time, because fake timers may replace it later. Browsers do not have it, and do not need it. */
const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void };

let lastTurn: Promise<void> = Promise.resolve();

/**
 * Node delivers the data of all connections in one turn of its event loop. If all answers were parsed in that turn, nothing
 * else could run, so each answer is parsed in a turn of its own.
 */
function nextTurn(): Promise<void> {
  if (setImmediate && mayShare())
    lastTurn = lastTurn.then(() => new Promise((resolve) => setImmediate(resolve)));
  return lastTurn;
}
