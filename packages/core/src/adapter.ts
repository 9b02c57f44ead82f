/**
 * For adapters: flat options -> a client (new or given) and checked defaults for its calls. This is the subpath
 * `@together-retrieval/core/adapter`.
 */
import { type Check, check, checkOptions, describeType, expected, isRecord } from "./check.ts";
import { TogetherClient } from "./client.ts";
import { reworded, TogetherApiError, TogetherResponseError } from "./errors.ts";
import {
  checksOf,
  clientOptions,
  type EmbedOptions,
  embedOptions,
  type RerankOptions,
  rerankOptions,
  type TogetherClientOptions,
} from "./options.ts";
import { withoutSecrets } from "./redact.ts";
import { refuseBeside, resolveEmbedOptions, resolveRerankOptions } from "./resolve.ts";

export { type Check, check, checkOptions, describeType, expected };

/** The options that make a client, or a ready client. */
export interface AdapterClientOptions extends TogetherClientOptions {
  /** A ready `TogetherClient`, in place of its options: embeddings and reranker that share it share one limiter and one count of usage. */
  client?: TogetherClient | undefined;
}

/** The options that an embeddings adapter passes with every call. The host says whether a text is a query or a document. */
export type EmbedDefaults = Omit<EmbedOptions, "inputType" | "signal" | "onProgress">;

/** The options that a reranker adapter passes with every call. */
export type RerankDefaults = Omit<RerankOptions, "signal">;

/** @throws TypeError naming the option that does not fit */
export function splitEmbedOptions(options: AdapterClientOptions & EmbedDefaults) {
  const { inputType, signal, onProgress, ...checks } = checksOf(embedOptions);
  return split<EmbedDefaults>(options, checks, {}, resolveEmbedOptions);
}

/** `own`: checks of options that only this adapter has. @throws TypeError naming the option that does not fit */
export function splitRerankOptions(
  options: AdapterClientOptions & RerankDefaults,
  own: Record<string, Check> = {},
) {
  const { signal, ...checks } = checksOf(rerankOptions);
  return split<RerankDefaults>(options, checks, own, resolveRerankOptions);
}

function split<Defaults>(
  options: AdapterClientOptions,
  checks: Record<string, Check>,
  own: Record<string, Check>,
  resolve: (defaults: Defaults) => unknown,
) {
  checkOptions("options", options, { ...checks, ...own, ...checksOf(clientOptions), client: check.client });
  if (options.client) refuseBeside("client", options, Object.keys(clientOptions));
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const pick = (names: object) => Object.fromEntries(given.filter(([name]) => name in names));
  const client = options.client ?? new TogetherClient(pick(clientOptions));
  // Each key was checked above against the list that `Defaults` describes.
  const defaults = Object.fromEntries(Object.entries(pick(checks)).map(copied)) as Defaults;
  resolve(defaults);
  return { client, defaults };
}

/** Copies, so that an object that the caller changes later is not sent under the id of the old one. */
function copied([name, value]: [string, unknown]): [string, unknown] {
  if (name === "extraBody") return [name, asSent(value)];
  if (Array.isArray(value)) return [name, [...value]];
  return [name, isRecord(value) && isPlain(value) ? { ...value } : value];
}

/** A copy of an object that JSON can hold, which was checked before. */
function asSent(extraBody: unknown): unknown {
  return JSON.parse(JSON.stringify(extraBody));
}

/**
 * For a host that does not pass all its inputs to the core: errors that name a document get the host's own index.
 * @param positions of each document that the core was given, its position among the host's
 * @param name what the host calls its list
 */
export async function inPositions<Value>(
  work: Promise<Value>,
  positions: readonly number[],
  name: string,
): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof TypeError) {
      const words = error.message.replace(/`documents\[(\d+)\]/, (_, at) => `\`${name}[${positions[at]}]`);
      throw words === error.message ? error : new TypeError(words);
    }
    if (TogetherResponseError.is(error)) {
      const words = error.message.replace(/(?<=score of document )\d+/, (at) => `${positions[Number(at)]}`);
      throw new TogetherResponseError(words, error.requestId);
    }
    if (!TogetherApiError.is(error) || error.inputIndex === undefined) throw error;
    const inputIndex = positions[error.inputIndex] as number;
    const words = error.message.replace(/^Document \d+ /, `Document ${inputIndex} `);
    throw reworded(error, words, { inputIndex });
  }
}

/** Options that may be secret, and options that are code. */
const unsaid = ["apiKey", "client", "together", "headers", "tokenizer"];

/** Options as data: `extraBody` as it travels, and of the others no key, no client, no headers (they may hold secrets), no functions, no tokenizer, no instances of classes (but a profile). */
export function serializableOptions(options: object): Record<string, unknown> {
  const { extraBody, ...others } = options as { extraBody?: object };
  const data = dataOf(others, []);
  // Kept whole, because every member may change the answer, whatever its name.
  return extraBody ? { ...data, extraBody: asSent(extraBody) } : data;
}

/** @param around the objects that contain this one: an object that contains itself is left out there */
function dataOf(options: object, around: object[]): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (unsaid.includes(name) || value === undefined || typeof value === "function") continue;
    if (name === "baseURL") data[name] = withoutSecrets(String(value));
    else if (!isRecord(value)) data[name] = value;
    else if ((isPlain(value) || name === "profile") && value !== options && !around.includes(value)) {
      const members = dataOf(value, [...around, options]);
      // An object that holds nothing but functions would be empty.
      if (Object.keys(members).length > 0 || Object.keys(value).length === 0) data[name] = members;
    }
  }
  return data;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
