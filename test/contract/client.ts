/** The key and the model of the tests, and a client of the core for what only it can do. */
import { TogetherClient, type TogetherClientOptions } from "@together-retrieval/core";

export const MODEL = "test/model";
export const KEY = "tgp_v1_a-key-of-the-tests";

/** Its waits before retries are short. */
export function clientOf({ baseURL }: { baseURL: string }, options: TogetherClientOptions = {}) {
  return new TogetherClient({ apiKey: KEY, baseURL, maxRetryWaitMs: 5, ...options });
}
