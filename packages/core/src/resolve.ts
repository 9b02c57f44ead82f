/** The caller's options -> complete, checked options, or a TypeError that names the option, what was expected, and what was given. */
import { check, checkOptions, describeType, describeValue, expected } from "./check.ts";
import {
  checksOf,
  clientOptions,
  defaultsOf,
  type EmbedOptions,
  type EmbedStreamOptions,
  embedOptions,
  type Option,
  type RerankOptions,
  rerankOptions,
  streamOnlyOptions,
  type TogetherClientOptions,
} from "./options.ts";
import { findProfile, type ModelProfile, promptOf, takesStringsOnly } from "./profiles.ts";

/** Options that always have a value, because they have a default. */
type Completed<Options, Table> = Options & {
  [Name in keyof Options & keyof Table as Table[Name] extends { default: unknown }
    ? Name
    : never]-?: NonNullable<Options[Name]>;
};

/** Checks the options, and fills in the defaults. */
function complete<Options extends object, Table extends Record<string, Option>>(
  options: Options,
  table: Table,
): Completed<Options, Table> {
  checkOptions("options", options, checksOf(table));
  if (table.model) table.model.check("model", (options as { model?: unknown }).model);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const completed: object = { ...defaultsOf(table), ...Object.fromEntries(given) };
  // Each value has passed the check of its type.
  return completed as Completed<Options, Table>;
}

export type ResolvedClientOptions = ReturnType<typeof resolveClientOptions>;

/** Complete client options; the key and the address come from the environment when they are not given. */
export function resolveClientOptions(options: TogetherClientOptions) {
  const resolved = complete(options, clientOptions);
  const { together } = options;
  if (together) {
    refuseBeside("together", options, ["apiKey", "baseURL", "fetch", "headers"]);
    // The official client would put the route behind the query.
    if ((together as { baseURL?: string }).baseURL?.includes("?"))
      throw expected(
        "together",
        "a client whose `baseURL` has no query (`defaultQuery` holds it)",
        "one with a query",
      );
  }
  return {
    ...resolved,
    headers: options.headers && Object.fromEntries(new Headers(options.headers)),
    apiKey: resolveKey(together ? together.apiKey : options.apiKey),
    ...readAddress(options.baseURL ?? (together ? undefined : baseURLFromEnvironment()) ?? resolved.baseURL),
  };
}

/** The address without the route, which people often copy with it from a curl line, and the query that every request keeps. */
function readAddress(given: string) {
  const { origin, pathname, search } = new URL(given);
  const path = pathname.replace(/\/+$/, "").replace(/\/(embeddings|rerank|chat\/completions)$/i, "");
  return { baseURL: origin + path, query: search };
}

/** Refuses options that would be ignored beside `owner`. */
export function refuseBeside(owner: string, options: object, names: readonly string[]): void {
  const clash = names.find((name) => (options as Record<string, unknown>)[name] !== undefined);
  if (clash)
    throw new TypeError(`\`${owner}\` and \`${clash}\` exclude each other: \`${owner}\` has its own`);
}

export type Key = NonNullable<TogetherClientOptions["apiKey"]>;

function resolveKey(given: Key | undefined): Key {
  if (given === false || typeof given === "function") return given;
  const key = given ?? readEnvironment("TOGETHER_API_KEY") ?? readEnvironment("TOGETHER_AI_API_KEY");
  if (!key?.trim()) {
    throw expected(
      "apiKey",
      "a Together API key, here or in TOGETHER_API_KEY (`false` for a server without keys; where the key is set later, as after a build, `() => process.env.TOGETHER_API_KEY`)",
      given === undefined ? "none" : "a blank string",
    );
  }
  return checkedKey(key);
}

/** The trimmed key. @throws TypeError for a key that cannot stand in a header: the platform's own error would quote it whole */
function checkedKey(key: string): string {
  const trimmed = key.trim();
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  throw expected("apiKey", "made of printable ASCII characters, without spaces", "others");
}

/** The key that a function gave. @throws TypeError for none, or for one that cannot stand in a header */
export function returnedKey(key: unknown): string {
  if (typeof key === "string" && key.trim()) return checkedKey(key);
  const got = typeof key === "string" ? "a blank string" : describeType(key);
  const hint = "is the environment variable that it reads set?";
  throw expected("apiKey", "a function that returns a Together API key", `${got} from it: ${hint}`);
}

function baseURLFromEnvironment(): string | undefined {
  const url = readEnvironment("TOGETHER_BASE_URL");
  if (url !== undefined) check.url("TOGETHER_BASE_URL", url);
  return url;
}

/** A variable's trimmed value; a blank one counts as not set. Works where there is no `process`, or no permission to read it. */
function readEnvironment(name: string): string | undefined {
  try {
    return globalThis.process.env[name]?.trim() || undefined;
  } catch {
    return undefined;
  }
}

export type ResolvedEmbedOptions = ReturnType<typeof resolveEmbedOptions>;

/** Complete options of one embedding call, with the model's profile and prompt found. */
export function resolveEmbedOptions(options: EmbedOptions) {
  return findPrompt(complete(options, embedOptions));
}

export type ResolvedStreamOptions<Item> = ReturnType<typeof resolveStreamOptions<Item>>;

/** The same for a stream. */
export function resolveStreamOptions<Item>(options: EmbedStreamOptions<Item>) {
  // Items that are not strings are refused when they are read, with their index.
  const text = options.text ?? ((item: Item) => item as string);
  return findPrompt({ ...complete(options, { ...embedOptions, ...streamOnlyOptions }), text });
}

function findPrompt<Options extends Completed<EmbedOptions, typeof embedOptions>>(options: Options) {
  const { model, inputType, longInput, task, dimensions } = options;
  const profile = findProfile(model, options.profile);
  for (const name of ["tokenizer", "maxTokens"] as const) {
    if (longInput !== "send" && !profile[name])
      throw expected(`profile.${name}`, `given for \`longInput: "${longInput}"\``, "none");
  }
  if (dimensions !== undefined) checkDimensions(dimensions, profile);
  if (task !== undefined && !profile.queryPrompt?.includes("{task}")) {
    throw expected(
      "task",
      "given only with a profile whose `queryPrompt` has {task} in it",
      describeValue(task),
    );
  }
  return { ...options, profile, prompt: promptOf(profile, inputType, task) };
}

/** Vectors lose their meaning when they are cut, unless the model was trained for it. */
function checkDimensions(dimensions: number, { minDimensions, dimensions: all }: ModelProfile): void {
  if (minDimensions === undefined) {
    const what =
      "left out for a model that is not known to be trained for shorter vectors; `profile.minDimensions` says that it is";
    throw expected("dimensions", what, describeValue(dimensions));
  }
  if (dimensions < minDimensions || dimensions > (all ?? dimensions)) {
    const range = all === undefined ? `from ${minDimensions} up` : `from ${minDimensions} to ${all}`;
    throw expected("dimensions", `an integer ${range} for this profile`, describeValue(dimensions));
  }
}

export type ResolvedRerankOptions = ReturnType<typeof resolveRerankOptions>;

/** Complete options of one rerank call. */
export function resolveRerankOptions(options: RerankOptions) {
  const resolved = complete(options, rerankOptions);
  const { model, rankFields } = options;
  if (rankFields && takesStringsOnly(model))
    throw expected("rankFields", `left out for ${model}, which takes strings only`, describeType(rankFields));
  return resolved;
}
