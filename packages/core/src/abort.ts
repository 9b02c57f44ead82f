/** Signals and timers that leave nothing behind. */

/** The longest delay of `setTimeout`, in milliseconds: a longer one would fire at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * Calls back once when the signal aborts. Returns the way to undo it. However many wait on one signal, it carries one
 * listener, and none when nobody waits: platforms warn of a leak at eleven.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const waiting = waitingOn.get(signal) ?? listen(signal);
  const entry = { callback };
  waiting.entries.add(entry);
  return () => {
    waiting.entries.delete(entry);
    if (waiting.entries.size > 0) return;
    signal.removeEventListener("abort", waiting.callAll);
    if (waitingOn.get(signal) === waiting) waitingOn.delete(signal);
  };
}

interface Waiting {
  entries: Set<{ callback: () => void }>;
  callAll: () => void;
}

const waitingOn = new WeakMap<AbortSignal, Waiting>();

function listen(signal: AbortSignal): Waiting {
  const entries = new Set<{ callback: () => void }>();
  const callAll = () => {
    for (const { callback } of [...entries]) callback();
  };
  // One object in the map and in the hands of the first caller: its undo must find what it removes.
  const waiting = { entries, callAll };
  signal.addEventListener("abort", callAll);
  waitingOn.set(signal, waiting);
  return waiting;
}

/** Aborts `controller` with the signal's reason when the signal aborts. Returns the way to undo it. */
export function follow(signal: AbortSignal | undefined, controller: AbortController): () => void {
  if (!signal) return () => {};
  if (signal.aborted) controller.abort(signal.reason);
  return onAbort(signal, () => controller.abort(signal.reason));
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await abortable(elapsed, signal).finally(() => clearTimeout(timer));
}

/** The promise's outcome, or the signal's reason if it aborts first. */
export async function abortable<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let undo = () => {};
  const stopped = new Promise<never>((_, reject) => {
    undo = onAbort(signal, () => reject(signal.reason));
    if (signal.aborted) reject(signal.reason);
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    undo();
  }
}
