/** An adapter's options -> the shape that LangChain's `load()` reads, with the key as the name of a secret. */
import type { SerializedConstructor } from "@langchain/core/load/serializable";
import { type AdapterClientOptions, serializableOptions } from "@together-retrieval/core/adapter";

/** The keys of `kwargs` are the constructor's option names: LangChain does not change names without separators. */
export function serialize(
  id: string[],
  options: { apiKey?: AdapterClientOptions["apiKey"] },
): SerializedConstructor {
  // For a server without keys, `load()` must not demand one.
  const apiKey = options.apiKey === false ? false : { lc: 1, type: "secret", id: ["TOGETHER_API_KEY"] };
  return { lc: 1, type: "constructor", id, kwargs: { ...serializableOptions(options), apiKey } };
}

/** LangChain 1.0.0 reads `baseURL` as `baseUrl`, unless the name is listed as an alias of itself. */
export const aliases = { baseURL: "baseURL" };
