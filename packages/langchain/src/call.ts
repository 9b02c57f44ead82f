/** The arguments of a call and the run around it -> the options of one call, or a TypeError that names what does not fit. */
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { checkOptions, expected } from "@together-retrieval/core/adapter";

/** Node's `console.log` calls the method with this name. */
export const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * Refuses options that would be ignored. When a method is bound into a chain, LangChain passes its RunnableConfig as the last
 * argument: we use its `signal` and accept the rest. Without a `signal`, a call ends when the run around it ends: inside
 * a RunnableLambda, a tool or a LangGraph node, LangChain keeps that run's config in async storage.
 * @throws TypeError naming the unknown option
 */
export function readCall<Call extends { signal?: AbortSignal | undefined }>(
  call: Call | undefined,
  known: readonly (keyof Call & string)[],
): Call {
  const own = isConfig(call) ? { signal: call?.signal } : call;
  const given = Object.fromEntries(Object.entries(own ?? {}).filter(([, value]) => value !== undefined));
  checkOptions("options", own ?? {}, Object.fromEntries(known.map((name) => [name, () => {}])));
  const { signal } = runningConfig() ?? {};
  return { ...(signal && { signal }), ...given } as Call;
}

/** LangChain's own config always has these three. */
function isConfig(call: object | undefined): boolean {
  const isObject = typeof call === "object" && call !== null;
  return isObject && ["tags", "metadata", "recursionLimit"].every((name) => name in call);
}

/** @throws TypeError for the options of a call where LangChain has its callbacks */
export function checkCallbacks(callbacks: unknown): void {
  if (typeof callbacks !== "object" || callbacks === null || Array.isArray(callbacks)) return;
  const odd = ["topN", "signal", "scoreThreshold", "recursionLimit"].find((name) => name in callbacks);
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
