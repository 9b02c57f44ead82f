/** What the caller wrote -> complete, validated options, or a TypeError that names the option, what was expected, and what came. */
import { LONGEST_TIMER_MS } from "./abort.ts";
import { type Check, check, checkOptions, describeType, describeValue, expected, isRecord } from "./check.ts";
import { findProfile, type ModelProfile, profiles, promptOf, takesStringsOnly } from "./profiles.ts";
import type { RetryEvent } from "./retry.ts";
import type { UsageEvent } from "./usage.ts";

/** What is used of the official client, so that its ESM and CommonJS copies, and other versions, fit alike. */
export interface TogetherLike {
  readonly apiKey: string;
  post(
    path: string,
    options: { body: object; maxRetries: number; timeout: number; signal: AbortSignal },
  ): { asResponse(): Promise<Response> };
}

/** Where to send requests, with which key, and how hard to try. */
export interface TogetherClientOptions {
  /** @default the environment's TOGETHER_API_KEY, else TOGETHER_AI_API_KEY */
  apiKey?: string | undefined;
  /** @default the environment's TOGETHER_BASE_URL, else https://api.together.ai/v1 */
  baseURL?: string | undefined;
  /** An official `Together` client to reuse: its key, base URL, headers and `fetch` count; its timeouts and retries do not. */
  together?: TogetherLike | undefined;
  /** Another `fetch` than the platform's. */
  fetch?: typeof fetch | undefined;
  /** Headers for every request, beside the usual ones. */
  headers?: Record<string, string> | undefined;
  /** Milliseconds for one attempt, from sending to the last byte of the answer. @default 60_000 */
  timeoutMs?: number | undefined;
  /** How many times a request may be repeated after its first attempt. @default 5 */
  maxRetries?: number | undefined;
  /** The longest stated wait, in milliseconds, that is sat out; a longer one is thrown at once. @default 60_000 */
  maxRetryWaitMs?: number | undefined;
  /** The most requests in flight, over all models; a client starts there, and adapts by itself below. @default 16 */
  maxConcurrency?: number | undefined;
  /** Called for every answer that tells its tokens. What it throws is ignored. */
  onUsage?: ((event: UsageEvent) => void) | undefined;
  /** Called before every repetition. What it throws is ignored. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
}

/** What can be said of a call that embeds. */
export interface EmbedOptions {
  /** A model id, or the name of a dedicated endpoint. There is no default: models come and go. */
  model: string;
  /** Chooses the prompt. @default "document" */
  inputType?: "document" | "query" | undefined;
  /** What the model expects: a known model's id, an object, or `false` for texts as they are. @default the profile of `model`, if known */
  profile?: string | ModelProfile | false | undefined;
  /** The task named in an instruct model's query prompt. @default "Given a web search query, retrieve relevant passages that answer the query" */
  task?: string | undefined;
  /** The most texts in one request. @default 100 */
  batchSize?: number | undefined;
  /** How vectors travel. `"auto"` asks for base64 and falls back for a model that refuses it. @default "float" */
  encodingFormat?: "float" | "base64" | "auto" | undefined;
  /** Scale every vector to length 1. @default false */
  normalize?: boolean | undefined;
  /**
   * What to do with a text over the model's token limit; all but `"send"` need a profile with `tokenizer` and `maxTokens`.
   * `"average"` gives the mean of its pieces' vectors, weighted by tokens and scaled to length 1; texts that fit keep the
   * model's own vector, of whatever length. @default "send"
   */
  longInput?: "send" | "error" | "truncate" | "average" | undefined;
  /** Stops the call; the rejection is its `reason`. */
  signal?: AbortSignal | undefined;
  /** Called as texts get their vectors, with counts of texts. What it throws is ignored. */
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

/** What can be said of a stream: the options of `embed`, and two more. In `onProgress`, `total` is what was read so far. */
export interface EmbedStreamOptions<Item> extends EmbedOptions {
  /** The text of an item. @default the item itself, when it is a string */
  text?: ((item: Item) => string) | undefined;
  /** `"yield"`: an item whose text is refused comes as `{ item, index, error }`, and the others go on. @default "throw" */
  onError?: "throw" | "yield" | undefined;
}

/** What can be said of a call that reranks. */
export interface RerankOptions {
  /** A reranker's id, or the name of a dedicated endpoint. */
  model: string;
  /** Return at most this many documents. @default all */
  topN?: number | undefined;
  /** Leave out documents scored below this; the score itself is kept. @default none */
  scoreThreshold?: number | undefined;
  /** For object documents: the keys to rank by, in order. @default all */
  rankFields?: string[] | undefined;
  /** The most documents in one request; more travel in parallel and are merged by score. @default 100 */
  batchSize?: number | undefined;
  /** Stops the call; the rejection is its `reason`. */
  signal?: AbortSignal | undefined;
}

export const clientDefaults = {
  baseURL: "https://api.together.ai/v1",
  timeoutMs: 60_000,
  maxRetries: 5,
  maxRetryWaitMs: 60_000,
  maxConcurrency: 16,
} as const;

export const embedDefaults = {
  inputType: "document",
  batchSize: 100,
  encodingFormat: "float",
  normalize: false,
  longInput: "send",
} as const;

export const streamOnlyDefaults = { onError: "throw" } as const;

export const rerankDefaults = { batchSize: 100 } as const;

export const clientChecks = {
  apiKey: check.string,
  baseURL: check.url,
  together: check.together,
  fetch: check.function,
  headers: check.headers,
  timeoutMs: check.integer(1, LONGEST_TIMER_MS),
  maxRetries: check.integer(0),
  maxRetryWaitMs: check.integer(0, LONGEST_TIMER_MS),
  maxConcurrency: check.integer(1),
  onUsage: check.function,
  onRetry: check.function,
} satisfies Record<keyof TogetherClientOptions, Check>;

export const embedChecks = {
  model: check.name,
  inputType: check.oneOf("document", "query"),
  profile: checkProfile,
  task: check.name,
  batchSize: check.integer(1),
  encodingFormat: check.oneOf("float", "base64", "auto"),
  normalize: check.boolean,
  longInput: check.oneOf("send", "error", "truncate", "average"),
  signal: check.signal,
  onProgress: check.function,
} satisfies Record<keyof EmbedOptions, Check>;

export const streamOnlyChecks = { text: check.function, onError: check.oneOf("throw", "yield") };
const streamChecks = { ...embedChecks, ...streamOnlyChecks };

export const rerankChecks = {
  model: check.name,
  topN: check.integer(1),
  scoreThreshold: check.number,
  rankFields: check.names,
  batchSize: check.integer(1),
  signal: check.signal,
} satisfies Record<keyof RerankOptions, Check>;

const profileChecks = {
  dimensions: check.integer(1),
  maxTokens: check.integer(1),
  queryPrompt: check.string,
  documentPrompt: check.string,
  tokenizer: check.tokenizer,
  specialTokens: check.integer(0),
} satisfies Record<keyof ModelProfile, Check>;

function checkProfile(name: string, value: unknown): void {
  if (value === false) return;
  if (isRecord(value)) {
    checkOptions(name, value, profileChecks, `${name}.`);
    return;
  }
  if (typeof value === "string" && Object.hasOwn(profiles, value)) return;
  throw expected(name, "the id of a known model, an object, or `false`", describeValue(value));
}

/** Checked options, with the default of what is not given. */
function complete<Options extends object, Defaults extends object>(
  options: Options,
  checks: Record<string, Check>,
  defaults: Defaults,
) {
  checkOptions("options", options, checks);
  if (checks.model) checks.model("model", (options as { model?: unknown }).model);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const completed: object = { ...defaults, ...Object.fromEntries(given) };
  // Each value passed the check that stands for its type.
  return completed as Options & { [Name in keyof Options & keyof Defaults]-?: NonNullable<Options[Name]> };
}

export type ResolvedClientOptions = ReturnType<typeof resolveClientOptions>;

/** Complete client options; the key and the address come from the environment when they are not given. */
export function resolveClientOptions(options: TogetherClientOptions) {
  const resolved = complete(options, clientChecks, clientDefaults);
  const { together } = options;
  if (together) refuseBeside("together", options, ["apiKey", "baseURL", "fetch", "headers"]);
  return {
    ...resolved,
    apiKey: resolveKey(together ? together.apiKey : options.apiKey),
    baseURL: options.baseURL ?? (together ? undefined : baseURLFromEnvironment()) ?? clientDefaults.baseURL,
  };
}

/** Options that would be ignored beside `owner` are refused. */
export function refuseBeside(owner: string, options: object, names: readonly string[]): void {
  const clash = names.find((name) => (options as Record<string, unknown>)[name] !== undefined);
  if (clash)
    throw new TypeError(`\`${owner}\` and \`${clash}\` exclude each other: \`${owner}\` has its own`);
}

function resolveKey(given: string | undefined): string {
  const key = (
    given ??
    readEnvironment("TOGETHER_API_KEY") ??
    readEnvironment("TOGETHER_AI_API_KEY")
  )?.trim();
  if (!key) {
    throw expected(
      "apiKey",
      "a Together API key, here or in TOGETHER_API_KEY",
      given === undefined ? "none" : "a blank string",
    );
  }
  // A key that cannot stand in a header would otherwise be quoted whole by the platform's own error.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw expected("apiKey", "made of printable ASCII characters, without spaces", "others too");
  return key;
}

function baseURLFromEnvironment(): string | undefined {
  const url = readEnvironment("TOGETHER_BASE_URL");
  if (url !== undefined) check.url("TOGETHER_BASE_URL", url);
  return url;
}

/** A variable's trimmed value; a blank one counts as not set. Works where there is no `process`, or no permission to read it. */
function readEnvironment(name: string): string | undefined {
  try {
    return globalThis.process?.env?.[name]?.trim() || undefined;
  } catch {
    return undefined;
  }
}

export type ResolvedEmbedOptions = ReturnType<typeof resolveEmbedOptions>;

/** Complete options of one embedding call, with the model's profile and prompt found. */
export function resolveEmbedOptions(options: EmbedOptions) {
  return findPrompt(complete(options, embedChecks, embedDefaults));
}

export type ResolvedStreamOptions<Item> = ReturnType<typeof resolveStreamOptions<Item>>;

/** The same for a stream. */
export function resolveStreamOptions<Item>(options: EmbedStreamOptions<Item>) {
  // Items that are not strings are refused where they are read, with their index.
  const text = (item: Item) => item as string;
  return findPrompt(complete(options, streamChecks, { ...embedDefaults, ...streamOnlyDefaults, text }));
}

function findPrompt<Options extends EmbedOptions>(
  options: Options & { [Name in keyof typeof embedDefaults]: NonNullable<EmbedOptions[Name]> },
) {
  const { model, inputType, longInput, task } = options;
  const profile = findProfile(model, options.profile);
  for (const name of ["tokenizer", "maxTokens"] as const) {
    if (longInput !== "send" && !profile[name])
      throw expected(`profile.${name}`, `given for \`longInput: "${longInput}"\``, "none");
  }
  if (task !== undefined && !profile.queryPrompt?.includes("{task}")) {
    throw expected(
      "task",
      "given only with a profile whose `queryPrompt` has {task} in it",
      describeValue(task),
    );
  }
  return { ...options, profile, prompt: promptOf(profile, inputType, task) };
}

export type ResolvedRerankOptions = ReturnType<typeof resolveRerankOptions>;

/** Complete options of one rerank call. */
export function resolveRerankOptions(options: RerankOptions) {
  const resolved = complete(options, rerankChecks, rerankDefaults);
  const { model, rankFields } = options;
  if (rankFields && takesStringsOnly(model))
    throw expected("rankFields", `left out for ${model}, which takes strings only`, describeType(rankFields));
  return resolved;
}
