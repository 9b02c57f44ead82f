/** A server's or platform's words -> the same words without keys and without the caller's texts. */
import { isRecord } from "./check.ts";

/** If a server quotes a part of a text, the part is replaced from this many characters on. */
const QUOTE_LENGTH = 16;
/** A message longer than this is a page, not a sentence. */
const MESSAGE_LENGTH = 600;

/** Characters that JSON escapes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** What must not appear in a message. */
export interface Secrets {
  /** The API key, and the values of the caller's headers that carry secrets. */
  keys: readonly string[];
  /** The caller's texts in the request. */
  texts: readonly string[];
}

/** Headers, and members of a query, whose values are secrets. */
const SECRET_NAME = /auth|key|token|secret|cookie|pass|sig|credential|session|jwt/i;

/** The values of headers that carry secrets: whole, in their parts, and without a scheme such as `Bearer` or a name before them. */
export function secretsIn(headers: Record<string, unknown> = {}): string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (!SECRET_NAME.test(name) || typeof value !== "string") return [];
    const parts = value.split(/[;,]/).flatMap((part) => [part.trim(), part.trim().replace(/^[^=]*=/, "")]);
    // Most short parts, such as `1` and `on`, are none.
    const long = parts.filter((part) => part.length > 5);
    return [value.trim(), value.trim().replace(/^\w+\s+/, ""), ...long];
  });
}

/** The values of a query that are secrets, as they are and as they stand in the query. */
export function secretsInQuery(query: string): string[] {
  return query.split(/[?&]/).flatMap((member) => {
    const [[name = "", value = ""] = []] = [...new URLSearchParams(member)];
    return SECRET_NAME.test(name) ? [value, member.replace(/^[^=]*=/, "")] : [];
  });
}

/** The address without the members of its query that are secrets. */
export function withoutSecrets(address: string): string {
  if (!URL.canParse(address) || secretsInQuery(new URL(address).search).length === 0) return address;
  const url = new URL(address);
  for (const name of [...url.searchParams.keys()]) if (SECRET_NAME.test(name)) url.searchParams.delete(name);
  return url.href;
}

/** The key and the other secrets, the longest first. */
export function keysOf(apiKey: unknown, secrets: readonly string[]): string[] {
  const keys = [apiKey, ...secrets].filter((key) => typeof key === "string");
  // Local servers accept any key, such as `x`, `none` or `ollama`. Such a word is not a secret, and many messages contain it.
  // The longest key comes first, because it may contain another.
  return keys.filter((key) => !/^[a-z]{0,8}$/i.test(key)).sort((a, b) => b.length - a.length);
}

export function redact(message: string, { keys, texts }: Secrets): string {
  const spoken = hideKeys(message, keys).slice(0, MESSAGE_LENGTH);
  const hidden = new Uint8Array(spoken.length);
  const quotes = quotesOf(spoken);
  for (const text of texts) {
    hideText(spoken, text, quotes, hidden);
    // The text as it appears in quoted JSON.
    if (ESCAPED.test(text)) hideText(spoken, JSON.stringify(text).slice(1, -1), quotes, hidden);
  }
  return replaceHidden(spoken, hidden);
}

/**
 * A code, a parameter's name or an id, which are words of the API. If a caller's text is such a word too ("model", "1"), it
 * need not be hidden.
 */
export function redactName(name: string, { keys, texts }: Secrets): string {
  return redact(name, { keys, texts: texts.filter((text) => !isCommonWord(text)) });
}

/** A message redacted in two ways: `meant` keeps names, to classify it; `shown` keeps nothing, to show it. One pass if both are the same. */
export function redactBoth(message: string, secrets: Secrets): { meant: string; shown: string } {
  const meant = redactName(message, secrets);
  return { meant, shown: secrets.texts.some(isCommonWord) ? redact(message, secrets) : meant };
}

function isCommonWord(text: string): boolean {
  return text.length < 3 || (text.length < QUOTE_LENGTH && /^(?:[a-z_]+|\d+)$/.test(text));
}

/** A short key is hidden only where it is a whole word, any other key everywhere. */
function hideKeys(message: string, keys: readonly string[]): string {
  const longest = keys[0]?.length ?? 0;
  // A page may be long. The part that will be cut off is not searched, except for the rest of a key that begins before the cut.
  let words = message.slice(0, MESSAGE_LENGTH + longest);
  for (const key of keys) {
    if (key.length >= QUOTE_LENGTH) {
      words = words.replaceAll(key, "[key]");
    } else {
      const hidden = new Uint8Array(words.length);
      hideWord(words, key, hidden);
      words = replaceHidden(words, hidden, "[key]");
    }
  }
  // The cut may have gone through a key, so a possible beginning of a key at the end is removed.
  return message.length > MESSAGE_LENGTH + longest ? words.slice(0, -longest || undefined) : words;
}

/** Finds the places where a message quotes a text: every part of `QUOTE_LENGTH` characters, with its positions. */
interface Quotes {
  places: Map<string, number[]>;
  /** The hashes of the parts. For most of the searched text, the hash alone shows that it does not match. */
  hashes: Uint8Array;
}

const HASHES = 1 << 16;
const FACTOR = 0x01000193;
/** The weight of the first of `QUOTE_LENGTH` characters in a hash. */
let firstFactor = 1;
for (let at = 1; at < QUOTE_LENGTH; at++) firstFactor = Math.imul(firstFactor, FACTOR);

function quotesOf(message: string): Quotes {
  const quotes: Quotes = { places: new Map(), hashes: new Uint8Array(HASHES) };
  eachHash(message, (at, hash) => {
    const part = message.slice(at, at + QUOTE_LENGTH);
    quotes.hashes[hash] = 1;
    quotes.places.set(part, [...(quotes.places.get(part) ?? []), at]);
  });
  return quotes;
}

/** The rolling hash of every `QUOTE_LENGTH` consecutive characters. */
function eachHash(text: string, visit: (at: number, hash: number) => void): void {
  let hash = 0;
  for (let end = 0; end < text.length; end++) {
    const start = end - QUOTE_LENGTH;
    if (start >= 0) hash -= Math.imul(text.charCodeAt(start), firstFactor);
    hash = (Math.imul(hash, FACTOR) + text.charCodeAt(end)) | 0;
    if (start >= -1) visit(start + 1, (hash ^ (hash >>> 16)) & (HASHES - 1));
  }
}

function hideText(message: string, text: string, quotes: Quotes, hidden: Uint8Array): void {
  if (text.length < QUOTE_LENGTH) hideWord(message, text, hidden);
  else if (quotes.places.size > 0) hideQuotes(text, quotes, hidden);
}

/** Takes a single pass over the text, however long the message and the text are. */
function hideQuotes(text: string, { places, hashes }: Quotes, hidden: Uint8Array): void {
  eachHash(text, (at, hash) => {
    if (hashes[hash] === 0) return;
    const part = text.slice(at, at + QUOTE_LENGTH);
    for (const start of places.get(part) ?? []) hidden.fill(1, start, start + QUOTE_LENGTH);
    // Each part is hidden only once, so a text that repeats itself does not cost more.
    places.delete(part);
  });
}

/** A short text is hidden only where it is a whole word: "a" must not hide every a. */
function hideWord(message: string, text: string, hidden: Uint8Array): void {
  if (text.trim() === "") return;
  for (let at = message.indexOf(text); at >= 0; at = message.indexOf(text, at + 1)) {
    const end = at + text.length;
    const inWord = /[\p{L}\p{N}]{2}/u;
    if (inWord.test(message.slice(at - 1, at + 1)) || inWord.test(message.slice(end - 1, end + 1))) continue;
    hidden.fill(1, at, end);
  }
}

function replaceHidden(message: string, hidden: Uint8Array, by = "[text]"): string {
  let clean = "";
  for (let at = 0; at < message.length; at++) {
    if (hidden[at] === 0) clean += message[at];
    else if (at === 0 || hidden[at - 1] === 0) clean += by;
  }
  return clean;
}

/** An error of any realm: jest and `node:vm` give each program an `Error` of its own. */
export function isError(value: unknown): value is Error {
  return isRecord(value) && typeof value.message === "string";
}

/** The cause of a network failure with a redacted message and without its other members. */
export function redactCause(cause: unknown, secrets: Secrets, depth = 3): unknown {
  if (!isError(cause) || depth === 0) return undefined;
  const inner = redactCause(cause.cause, secrets, depth - 1);
  const clean = new Error(redact(cause.message, secrets), inner === undefined ? {} : { cause: inner });
  clean.name = String(cause.name);
  // The stack's first line repeats the message.
  delete clean.stack;
  const code = (cause as { code?: unknown }).code;
  return typeof code === "string" ? Object.assign(clean, { code }) : clean;
}
