/** Work that fails while a server is down -> the same work, repeated until the server is back. */
import { pause } from "./pause.ts";

export interface Patience {
  /** Whether it is worth a wait. */
  isPassing(error: unknown): boolean;
  signal?: AbortSignal | undefined;
  /** Called once, at the first failure. */
  onWait?: ((error: unknown) => void) | undefined;
}

/** How long a server may be away, as in a restart or a failover, before the work is given up. */
const patienceMs = 300_000;
const longestPauseMs = 5_000;

/** @throws the error of the work, if it is not temporary, or lasts too long */
export async function patiently<Result>(work: () => Promise<Result>, patience: Patience): Promise<Result> {
  const { isPassing, signal, onWait } = patience;
  const until = performance.now() + patienceMs;
  for (let pauseMs = 100; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted || performance.now() > until || !isPassing(error)) throw error;
      if (pauseMs === 100) onWait?.(error);
      await pause(pauseMs, signal);
    }
  }
}
