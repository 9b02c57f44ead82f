/** Batches -> work on them side by side, until the first failure. Each batch is made only when its turn is near. */
import { follow } from "./abort.ts";

/**
 * Runs `work` on all batches, with a signal for this run. The work calls `onStart` when its request is sent, and only then the
 * next batch is made. So the first request leaves before most batches are made, at most two wait at the limiter, and what the
 * server teaches counts for all later batches.
 * @throws the first failure, which stops the others; the signal's reason when it aborts; the error of making a batch
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
            // A batch may end without sending a request.
            onStart();
            resolveAtEnd();
          };
          work(step.value, siblings.signal, onStart).then(finish, reject);
        } catch (error) {
          reject(error);
        }
      };
      startNext();
      // Two wait at a time: when one is sent, the other still waits, so that the call keeps its turn.
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
