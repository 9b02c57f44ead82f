/** What a call was given, and the run around it -> the options of one call, or a TypeError that names the odd one. */
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { checkOptions, expected } from "@together-retrieval/core/adapter";

/** Node's name for the method that its console asks. */
export const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * Refuses what would be ignored. A method that is bound into a chain gets LangChain's RunnableConfig as its last argument:
 * its `signal` counts, and the rest is no mistake of the caller's. Without a `signal` a call ends with the run around it:
 * LangChain keeps that run's config in async storage inside a RunnableLambda, a tool or a LangGraph node.
 * @throws TypeError naming the unknown option
 */
export function readCall<Call extends { signal?: AbortSignal | undefined }>(
  call: Call | undefined,
  known: readonly (keyof Call & string)[],
): Call {
  const own = isConfig(call) ? { signal: call?.signal } : call;
  const given = Object.fromEntries(Object.entries(own ?? {}).filter(([, value]) => value !== undefined));
  checkOptions("options", given, Object.fromEntries(known.map((name) => [name, () => {}])));
  const { signal } = runningConfig() ?? {};
  return { ...(signal && { signal }), ...given } as Call;
}

/** LangChain's own config always has these three. */
function isConfig(call: object | undefined): boolean {
  return call !== undefined && ["tags", "metadata", "recursionLimit"].every((name) => name in call);
}

/** @throws TypeError for the options of a call where LangChain has its callbacks */
export function checkCallbacks(callbacks: unknown): void {
  if (typeof callbacks !== "object" || callbacks === null || Array.isArray(callbacks)) return;
  const odd = ["topN", "signal", "scoreThreshold"].find((name) => name in callbacks);
  if (odd === undefined) return;
  throw expected(
    "callbacks",
    `callbacks, or \`undefined\`: \`{ ${odd} }\` is the fourth argument`,
    "an object of options",
  );
}

/** The config of the run around this call, if the application lets LangChain keep one. */
export function runningConfig() {
  return AsyncLocalStorageProviderSingleton.getRunnableConfig();
}
