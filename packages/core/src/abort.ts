/** Waiting with abort signals and timers, which leaves no listener and no timer behind. */

/** The longest delay of `setTimeout`, in milliseconds. With a longer one it fires at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * Calls back once when the signal aborts. Returns a function that undoes this. However many callers wait on one signal, it
 * has a single listener, and none when nobody waits: platforms warn of a leak at eleven listeners.
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
  // The map and the caller's undo function share this object, so that undo finds what it must remove.
  const waiting = { entries, callAll };
  signal.addEventListener("abort", callAll);
  waitingOn.set(signal, waiting);
  return waiting;
}

/** Aborts `controller` with the signal's reason when the signal aborts. Returns a function that undoes this. */
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
