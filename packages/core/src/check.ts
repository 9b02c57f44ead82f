/** A value and the name of its option -> nothing, or a TypeError that says what was expected and what was given. */

import { suggest } from "./suggest.ts";

export type Check = (name: string, value: unknown) => void;

/** The message of every refused option. */
export function expected(name: string, what: string, got: string): TypeError {
  return new TypeError(`Expected \`${name}\` to be ${what}, got ${got}`);
}

/** A value in a few words. Long strings are cut. Values that may be secret are never passed to it. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return `\`${JSON.stringify(value.slice(0, 40))}\``;
  if (["number", "bigint", "boolean"].includes(typeof value)) return `\`${value}\``;
  return describeType(value);
}

/** The type of a value whose content must not be shown. */
export function describeType(value: unknown): string {
  if (value === null || value === undefined) return `\`${value}\``;
  if (typeof (value as { then?: unknown }).then === "function") return "a promise: is an `await` missing?";
  if (Array.isArray(value)) return "an array";
  return `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}

function checkThat(what: string, holds: (value: unknown) => boolean, show = describeValue): Check {
  return (name, value) => {
    if (!holds(value)) throw expected(name, what, show(value));
  };
}

/** Whether it is an object with these methods. `instanceof` would miss objects from another copy of the package or another realm. */
function having(what: string, ...methods: string[]): Check {
  return checkThat(
    what,
    (value) => isRecord(value) && methods.every((name) => typeof value[name] === "function"),
    describeType,
  );
}

const isName = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const signalMethods = ["addEventListener", "throwIfAborted"];
/** Passed in the place of options it would be ignored: it has no keys of its own. */
const isSignal = (value: object) => signalMethods.every((name) => name in value);

export const check = {
  boolean: checkThat("a boolean", (value) => typeof value === "boolean"),
  function: checkThat("a function", (value) => typeof value === "function"),
  string: checkThat("a string", (value) => typeof value === "string", describeType),
  together: having("a Together client", "post"),
  client: having("a TogetherClient (an official `Together` client goes into `together`)", "embed", "rerank"),
  tokenizer: having("an object with `encode` and `decode`", "encode", "decode"),
  signal: having("an AbortSignal (of a controller, its `signal`)", ...signalMethods),
  name: checkThat("a non-empty string", isName),
  names: checkThat(
    "an array of one or more non-empty strings",
    (value) => Array.isArray(value) && value.length > 0 && value.every(isName),
    describeType,
  ),
  number: checkThat("a finite number", Number.isFinite),
  integer(min: number, max = Number.MAX_SAFE_INTEGER): Check {
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} up` : `from ${min} to ${max}`;
    return checkThat(
      `an integer ${range}`,
      (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
    );
  },
  oneOf(...values: string[]): Check {
    const what = `one of ${values.map((value) => `"${value}"`).join(", ")}`;
    return checkThat(what, (value) => values.includes(value as string));
  },
  url: checkThat("an http or https URL without credentials and `#`", isPlainUrl, describeUrl),
  headers: checkThat(
    "an object of header names and string values that may stand in a header",
    areHeaders,
    describeType,
  ),
};

function isPlainUrl(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const url = new URL(value);
  return ["http:", "https:"].includes(url.protocol) && url.username + url.password + url.hash === "";
}

/** Not the value: it may hold credentials. */
function describeUrl(value: unknown): string {
  if (typeof value !== "string") return describeType(value);
  return /^https?:\/\//i.test(value.trim())
    ? "another one"
    : "a string without `http://` or `https://` in front";
}

function areHeaders(value: unknown): boolean {
  if (!isRecord(value) || !Object.values(value).every((header) => typeof header === "string")) return false;
  try {
    new Headers(value as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

/** Checks an object of options: every key must be known, every value must fit. `undefined` counts as not given. */
export function checkOptions(
  what: string,
  options: unknown,
  checks: Record<string, Check>,
  prefix = "",
): void {
  const names = Object.keys(checks);
  const example = `{ ${names.find((name) => /^(model|apiKey)$/.test(name)) ?? names[0]}: "…" }`;
  if (!isRecord(options) || isSignal(options)) {
    const got = isRecord(options) ? "an AbortSignal itself" : describeType(options);
    throw expected(what, `an object, such as \`${example}\``, got);
  }
  for (const [key, value] of Object.entries(options)) {
    const checkValue = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (!checkValue) {
      const hint = suggest(key, names) ?? `expected one of ${names.join(", ")}`;
      throw new TypeError(`Unknown option \`${prefix}${key}\`: ${hint}`);
    }
    if (value !== undefined) checkValue(prefix + key, value);
  }
}
