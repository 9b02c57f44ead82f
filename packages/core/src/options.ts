/** Every option that a caller may give, with its type, its check and its default. */
import { LONGEST_TIMER_MS } from "./abort.ts";
import { type Check, check, checkOptions, describeType, describeValue, expected, isRecord } from "./check.ts";
import type { RequestEvent } from "./observe.ts";
import { type KnownModel, type KnownReranker, type ModelProfile, profiles } from "./profiles.ts";
import type { RetryEvent } from "./retry.ts";
import { suggest } from "./suggest.ts";
import type { UsageEvent } from "./usage.ts";

/** The part of the official client that is used here, so that its ESM and CommonJS copies and other versions all fit. */
export interface TogetherLike {
  readonly apiKey: string;
  post(
    path: string,
    options: {
      body: object;
      maxRetries: number;
      timeout: number;
      signal: AbortSignal;
      headers?: Record<string, string | null>;
      fetchOptions: { redirect: "manual" };
    },
  ): { asResponse(): Promise<Response> };
}

/** An option's check, and its value if it is not given. */
export interface Option {
  check: Check;
  default?: unknown;
}

/** Options of a client: where to send requests, with which key, and how often to try. */
export interface TogetherClientOptions {
  /** How requests are written: `"tei"` for text-embeddings-inference, `"voyage"` for Voyage; all other servers take Together's way. @default "together" */
  wire?: "together" | "tei" | "voyage" | undefined;
  /**
   * The key; `false` for a server without keys; or a function that returns the key or a promise of it, asked before every
   * attempt: for a key that changes, or that is not there yet when a module is loaded, as in the build of a web framework
   * (`() => process.env.TOGETHER_API_KEY`). @default the environment's TOGETHER_API_KEY, else TOGETHER_AI_API_KEY
   */
  apiKey?: string | false | (() => string | undefined | Promise<string | undefined>) | undefined;
  /**
   * The address before `/embeddings` and `/rerank`. Set it for a dedicated endpoint (`https://api-inference.together.ai/v1`)
   * or another server. @default the environment's TOGETHER_BASE_URL, else https://api.together.ai/v1
   */
  baseURL?: string | undefined;
  /** An official `Together` client to reuse. Its key, base URL, headers and `fetch` are used; its timeouts and retries are not. */
  together?: TogetherLike | undefined;
  /** Another `fetch` than the platform's: for a proxy, or in tests. @default the `fetch` that is global when a request goes out */
  fetch?: typeof fetch | undefined;
  /** More headers for every request, for example for a gateway. Their values are kept out of errors, logs and JSON. @default none */
  headers?: Record<string, string> | undefined;
  /**
   * Milliseconds for one attempt, from sending to the last byte of the answer. Raise it for a slow server and large batches;
   * a whole call is limited by `signal: AbortSignal.timeout(ms)`. @default 60_000
   */
  timeoutMs?: number | undefined;
  /** How many times a request may be repeated after its first attempt. Set 0 where another part of the program repeats. @default 5 */
  maxRetries?: number | undefined;
  /**
   * The longest wait, in milliseconds, that a server may ask for, where a longer one is thrown at once; and the longest time
   * in which it accepts nothing. Lower it where a user waits. @default 60_000
   */
  maxRetryWaitMs?: number | undefined;
  /**
   * The most requests in flight, over all models. A client starts there and adapts by itself below. Lower it where several
   * processes share a key, raise it for a server that takes more. @default 16
   */
  maxConcurrency?: number | undefined;
  /** Called for every answer that reports its tokens. Errors that it throws are ignored. */
  onUsage?: ((event: UsageEvent) => void) | undefined;
  /** Called before every repetition. Errors that it throws are ignored. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
  /** Called after every attempt, for traces and metrics. The event has no text and no key. Errors that it throws are ignored. */
  onRequest?: ((event: RequestEvent) => void) | undefined;
}

export const clientOptions = {
  wire: { check: check.oneOf("together", "tei", "voyage"), default: "together" },
  apiKey: { check: checkKey },
  baseURL: { check: check.url, default: "https://api.together.ai/v1" },
  together: { check: check.together },
  fetch: { check: check.function },
  headers: { check: check.headers },
  timeoutMs: { check: check.integer(1, LONGEST_TIMER_MS), default: 60_000 },
  maxRetries: { check: check.integer(0), default: 5 },
  maxRetryWaitMs: { check: check.integer(0, LONGEST_TIMER_MS), default: 60_000 },
  maxConcurrency: { check: check.integer(1), default: 16 },
  onUsage: { check: check.function },
  onRetry: { check: check.function },
  onRequest: { check: check.function },
} as const satisfies Record<keyof TogetherClientOptions, Option>;

/** Options of a call that embeds. */
export interface EmbedOptions {
  /** A model id, or the name of a dedicated endpoint. There is no default: models come and go. */
  model: KnownModel | (string & {});
  /** Chooses the prompt: `"query"` for a search, `"document"` for texts that are stored. @default "document" */
  inputType?: "document" | "query" | undefined;
  /**
   * What the model expects: a known model's id, an object, or `false` for texts as they are. Set it where the name in `model`
   * is not the model's id, as for a dedicated endpoint. @default the profile of `model`, if known
   */
  profile?: KnownModel | (string & {}) | ModelProfile | false | undefined;
  /** The task named in an instruct model's query prompt. @default "Given a web search query, retrieve relevant passages that answer the query" */
  task?: string | undefined;
  /** The most texts in one request. Lower it for a slow server; a server's own limit is learned. @default 100 */
  batchSize?: number | undefined;
  /** How vectors travel. `"auto"` asks for base64, and for floats from a model that refuses the argument. @default "auto" */
  encodingFormat?: "auto" | "base64" | "float" | undefined;
  /**
   * Cut every vector to its first `dimensions` numbers, and scale it to length 1. Only for models that were trained for it: the
   * profile's `minDimensions` is the lowest value. With `longInput: "average"`, the mean of the whole vectors is cut. The
   * server's answer must have all of the profile's dimensions. @default the model's own
   */
  dimensions?: number | undefined;
  /**
   * Members of the request's body that only this server knows, such as `{ truncate_prompt_tokens: -1 }` for vLLM. Not for
   * secrets, which belong in `headers`: it is part of cache keys and of what `JSON.stringify` writes. @default none
   */
  extraBody?: Record<string, unknown> | undefined;
  /** Scale every vector to length 1. Set it for a store that compares by dot product. @default false */
  normalize?: boolean | undefined;
  /**
   * What to do if, for one `model`, answers begin to name another model while the client lives: `"error"` throws before a vector
   * of the other model is returned, `"ignore"` does nothing. @default "error"
   */
  modelDrift?: "error" | "ignore" | undefined;
  /**
   * What to do with a text over the model's token limit; all but `"send"` need a profile with `tokenizer` and `maxTokens`.
   * `"average"` gives the mean of its pieces' vectors, weighted by tokens and scaled to length 1; texts that fit keep the
   * model's own vector, of whatever length. @default "send"
   */
  longInput?: "send" | "error" | "truncate" | "average" | undefined;
  /** Stops the call, which then rejects with the signal's `reason`. */
  signal?: AbortSignal | undefined;
  /** Called as texts get their vectors, with counts of texts. Errors that it throws are ignored. */
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

export const embedOptions = {
  model: { check: check.name },
  inputType: { check: check.oneOf("document", "query"), default: "document" },
  profile: { check: checkProfile },
  task: { check: check.name },
  batchSize: { check: check.integer(1), default: 100 },
  encodingFormat: { check: check.oneOf("auto", "base64", "float"), default: "auto" },
  dimensions: { check: check.integer(1) },
  extraBody: { check: checkExtraBody },
  normalize: { check: check.boolean, default: false },
  modelDrift: { check: check.oneOf("error", "ignore"), default: "error" },
  longInput: { check: check.oneOf("send", "error", "truncate", "average"), default: "send" },
  signal: { check: check.signal },
  onProgress: { check: check.function },
} as const satisfies Record<keyof EmbedOptions, Option>;

/** Options of a stream: those of `embed`, and two more. In `onProgress`, `total` is the number of items read so far. */
export interface EmbedStreamOptions<Item> extends EmbedOptions {
  /** The text of an item. @default the item itself, when it is a string */
  text?: ((item: Item) => string) | undefined;
  /** `"yield"`: an item whose text is refused comes as `{ item, index, error }`, and the others go on. @default "throw" */
  onError?: "throw" | "yield" | undefined;
}

export const streamOnlyOptions = {
  text: { check: check.function },
  onError: { check: check.oneOf("throw", "yield"), default: "throw" },
} as const satisfies Record<Exclude<keyof EmbedStreamOptions<unknown>, keyof EmbedOptions>, Option>;

/** Options of a call that reranks. */
export interface RerankOptions {
  /** A reranker's id, or the name of a dedicated endpoint. There is no default: models come and go. */
  model: KnownReranker | (string & {});
  /** Return at most this many documents: as many as your prompt has room for. @default all */
  topN?: number | undefined;
  /** Leave out documents scored below this; the score itself is kept. The scale is the model's: 0 to 1 for some, logits for others. @default none */
  scoreThreshold?: number | undefined;
  /** For object documents: the keys to rank by, in order. @default all */
  rankFields?: string[] | undefined;
  /** The most documents in one request; more travel in parallel and are merged by score. @default 100 */
  batchSize?: number | undefined;
  /** Members of the request's body that only this server knows, such as an instruction. Not for secrets: those belong in `headers`. @default none */
  extraBody?: Record<string, unknown> | undefined;
  /** Stops the call; the rejection is its `reason`. */
  signal?: AbortSignal | undefined;
}

export const rerankOptions = {
  model: { check: check.name },
  topN: { check: check.integer(1) },
  scoreThreshold: { check: check.number },
  rankFields: { check: check.names },
  batchSize: { check: check.integer(1), default: 100 },
  extraBody: { check: checkExtraBody },
  signal: { check: check.signal },
} as const satisfies Record<keyof RerankOptions, Option>;

const profileOptions = {
  dimensions: { check: check.integer(1) },
  minDimensions: { check: check.integer(1) },
  maxTokens: { check: check.integer(1) },
  queryPrompt: { check: check.string },
  documentPrompt: { check: check.string },
  tokenizer: { check: check.tokenizer },
  specialTokens: { check: check.integer(0) },
} satisfies Record<keyof ModelProfile, Option>;

function checkProfile(name: string, value: unknown): void {
  if (value === false) return;
  if (isRecord(value)) {
    checkOptions(name, value, checksOf(profileOptions), `${name}.`);
    return;
  }
  if (typeof value === "string" && Object.hasOwn(profiles, value)) return;
  const known = Object.keys(profiles);
  const hint = typeof value === "string" ? suggest(value, known) : undefined;
  const got = `${describeValue(value)}: ${hint ?? `known are ${known.join(", ")}`}`;
  throw expected(name, "the id of a known model, an object, or `false`", got);
}

function checkKey(name: string, value: unknown): void {
  if (typeof value === "string" || typeof value === "function" || value === false) return;
  throw expected(name, "a string, a function that returns one, or `false`", describeType(value));
}

/** Members that the client writes itself. A second value would change the answer. */
const ownMembers = [
  ...["model", "input", "query", "documents"],
  ...["encoding_format", "top_n", "return_documents", "rank_fields"],
];

function checkExtraBody(name: string, value: unknown): void {
  if (!isRecord(value)) throw expected(name, "an object", describeType(value));
  const own = ownMembers.find((member) => Object.hasOwn(value, member));
  if (own !== undefined)
    throw new TypeError(`Expected \`${name}\` to leave \`${own}\` to the options of its own, got both`);
  try {
    JSON.stringify(value);
  } catch {
    throw expected(name, "an object that JSON can hold", "one that it cannot");
  }
}

/** The check of each option. */
export function checksOf(table: Record<string, Option>): Record<string, Check> {
  return Object.fromEntries(Object.entries(table).map(([name, option]) => [name, option.check]));
}

/** The default of each option; `undefined` for those that have none. */
export function defaultsOf(table: Record<string, Option>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(table).map(([name, option]) => [name, option.default]));
}
