/** An adapter's flat options -> the client, made or given, and validated defaults for its calls. */
import { type Check, checkOptions, describeType, expected, isRecord } from "./check.ts";
import { TogetherClient } from "./client.ts";
import {
  clientChecks,
  type EmbedOptions,
  embedChecks,
  type RerankOptions,
  refuseBeside,
  rerankChecks,
  resolveEmbedOptions,
  resolveRerankOptions,
  type TogetherClientOptions,
} from "./options.ts";

/** The options that make a client, or a ready client, to share one limiter between embeddings and reranker. */
export interface AdapterClientOptions extends TogetherClientOptions {
  client?: TogetherClient | undefined;
}

/** What an embeddings adapter sends with every call: whether a text is a query or a document is the host's to say. */
export type EmbedDefaults = Omit<EmbedOptions, "inputType" | "signal" | "onProgress">;

/** What a reranker adapter sends with every call. */
export type RerankDefaults = Omit<RerankOptions, "signal">;

/** @throws TypeError naming the option that does not fit */
export function splitEmbedOptions(options: AdapterClientOptions & EmbedDefaults): {
  client: TogetherClient;
  defaults: EmbedDefaults;
} {
  const { inputType, signal, onProgress, ...checks } = embedChecks;
  const { client, defaults } = split<EmbedDefaults>(options, checks);
  resolveEmbedOptions(defaults);
  return { client, defaults };
}

/** @throws TypeError naming the option that does not fit */
export function splitRerankOptions(options: AdapterClientOptions & RerankDefaults): {
  client: TogetherClient;
  defaults: RerankDefaults;
} {
  const { signal, ...checks } = rerankChecks;
  const { client, defaults } = split<RerankDefaults>(options, checks);
  resolveRerankOptions(defaults);
  return { client, defaults };
}

function split<Defaults>(options: AdapterClientOptions, checks: Record<string, Check>) {
  checkOptions("options", options, { ...clientChecks, client: checkClient, ...checks });
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && name !== "client");
  const isForClient = ([name]: [string, unknown]) => Object.hasOwn(clientChecks, name);
  if (options.client) refuseBeside("client", options, Object.keys(clientChecks));
  return {
    client: options.client ?? new TogetherClient(Object.fromEntries(given.filter(isForClient))),
    // Each key was checked above against the list that `Defaults` describes.
    defaults: Object.fromEntries(given.filter((entry) => !isForClient(entry))) as Defaults,
  };
}

/** Not `instanceof`: the client may come from the other of this package's ESM and CommonJS copies. */
function checkClient(name: string, value: unknown): void {
  if (isRecord(value) && typeof value.embed === "function" && typeof value.rerank === "function") return;
  throw expected(name, "a TogetherClient", describeType(value));
}

/** Options as data: no key, no client, no headers (they may hold secrets), no functions. */
export function serializableOptions(options: object): Record<string, unknown> {
  const left = Object.entries(options).filter(
    ([name, value]) => !["apiKey", "client", "together", "headers"].includes(name) && isData(value),
  );
  return Object.fromEntries(
    left.map(([name, value]) => [name, isRecord(value) ? serializableOptions(value) : value]),
  );
}

function isData(value: unknown): boolean {
  // An object of functions alone, such as a tokenizer, says nothing as data.
  if (isRecord(value))
    return Object.keys(serializableOptions(value)).length > 0 || Object.keys(value).length === 0;
  return value !== undefined && typeof value !== "function";
}
