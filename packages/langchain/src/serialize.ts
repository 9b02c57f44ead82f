/** An adapter's options -> the shape that LangChain's `load()` reads, with the key as the name of a secret. */
import type { SerializedConstructor } from "@langchain/core/load/serializable";
import { type AdapterClientOptions, serializableOptions } from "@together-retrieval/core/adapter";

/** The keys of `kwargs` are the constructor's own: LangChain leaves names without separators as they are. */
export function serialize(
  id: string[],
  options: { apiKey?: AdapterClientOptions["apiKey"] },
): SerializedConstructor {
  // For a server without keys `load()` must ask for none.
  const apiKey = options.apiKey === false ? false : { lc: 1, type: "secret", id: ["TOGETHER_API_KEY"] };
  return { lc: 1, type: "constructor", id, kwargs: { ...serializableOptions(options), apiKey } };
}

/** LangChain 1.0.0 would read `baseURL` as `baseUrl`; a name that is its own alias is left alone. */
export const aliases = { baseURL: "baseURL" };
