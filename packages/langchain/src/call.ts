/** What a call was given, and the run around it -> the options of one call, or a TypeError that names the odd one. */
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

/**
 * Refuses what would be ignored. Without a `signal` of its own a call ends with the run around it: LangChain keeps that
 * run's config in async storage inside a RunnableLambda, a tool or a LangGraph node.
 * @throws TypeError naming the unknown option
 */
export function readCall<Call extends { signal?: AbortSignal | undefined }>(
  call: Call | undefined,
  known: readonly (keyof Call & string)[],
): Call {
  const names = Object.keys(call ?? {});
  const unknown = names.find((name) => !(known as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`Unknown option \`${unknown}\`: expected one of ${known.join(", ")}`);
  }
  const given = Object.entries(call ?? {}).filter(([, value]) => value !== undefined);
  const { signal } = runningConfig() ?? {};
  return { ...(signal && { signal }), ...Object.fromEntries(given) } as Call;
}

/** The config of the run around this call, if the application lets LangChain keep one. */
export function runningConfig() {
  return AsyncLocalStorageProviderSingleton.getRunnableConfig();
}
