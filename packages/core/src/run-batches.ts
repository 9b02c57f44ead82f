/** Batches, each made when it may travel -> their work, side by side, which the first failure stops. */
import { follow } from "./abort.ts";

/**
 * Runs `work` on all batches, with a signal that is the call's own. The work calls `onStart` when its request leaves, and only
 * then is the next batch made: the first request leaves while most batches are not known, two at a time wait at the limiter,
 * and what the server teaches counts for all later batches.
 * @throws the first failure, which stops the others; the signal's reason when it aborts; what making a batch throws
 */
export async function runBatches<Batch>(
  batches: Iterable<Batch>,
  signal: AbortSignal | undefined,
  work: (batch: Batch, signal: AbortSignal, onStart: () => void) => Promise<unknown>,
): Promise<void> {
  const siblings = new AbortController();
  const unfollow = follow(signal, siblings);
  const iterator = batches[Symbol.iterator]();
  try {
    await new Promise<void>((resolve, reject) => {
      let running = 0;
      const resolveAtEnd = () => {
        if (running === 0) resolve();
      };
      const startNext = () => {
        try {
          siblings.signal.throwIfAborted();
          const step = iterator.next();
          if (step.done) return resolveAtEnd();
          running++;
          const onStart = once(startNext);
          const finish = () => {
            running--;
            // A batch may end without a request of its own.
            onStart();
            resolveAtEnd();
          };
          work(step.value, siblings.signal, onStart).then(finish, reject);
        } catch (error) {
          reject(error);
        }
      };
      startNext();
      // One always stays in the line when another leaves it, so that the call does not lose its turn.
      startNext();
    });
  } catch (error) {
    siblings.abort(error);
    throw error;
  } finally {
    unfollow();
  }
}

function once(call: () => void): () => void {
  let isCalled = false;
  return () => {
    if (isCalled) return;
    isCalled = true;
    call();
  };
}
