/** milliseconds -> a wait that a signal ends early, without an error */
import { setTimeout as sleep } from "node:timers/promises";

export async function pause(ms: number, signal?: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch((error: Error) => {
    if (error.name !== "AbortError") throw error;
  });
}
