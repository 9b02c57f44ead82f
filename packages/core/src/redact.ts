/** A server's or platform's words -> the same words without the API key and without the caller's texts. */

/** From this many characters on, even a part of a text that a server quotes is replaced. */
const QUOTE_LENGTH = 16;
/** A message longer than this is a page, not a sentence. */
const MESSAGE_LENGTH = 600;

/** What must not appear: the key, and the texts of the request. */
export interface Secrets {
  apiKey: string;
  texts: readonly string[];
}

export function redact(message: string, { apiKey, texts }: Secrets): string {
  const spoken = (apiKey ? message.replaceAll(apiKey, "[key]") : message).slice(0, MESSAGE_LENGTH);
  const hidden = new Uint8Array(spoken.length);
  for (const text of texts) {
    hideText(spoken, text, hidden);
    // As it stands inside of quoted JSON.
    const quoted = JSON.stringify(text).slice(1, -1);
    if (quoted !== text) hideText(spoken, quoted, hidden);
  }
  return replaceHidden(spoken, hidden);
}

/**
 * A code, a parameter's name, an id: words of the API. A caller's text may be such a word too ("model", "1"), and is then
 * nothing to hide.
 */
export function redactName(name: string, { apiKey, texts }: Secrets): string {
  return redact(name, { apiKey, texts: texts.filter((text) => !isCommonWord(text)) });
}

function isCommonWord(text: string): boolean {
  return text.length < 3 || (text.length < QUOTE_LENGTH && /^(?:[a-z_]+|\d+)$/.test(text));
}

function hideText(message: string, text: string, hidden: Uint8Array): void {
  if (text.length < QUOTE_LENGTH) hideWord(message, text, hidden);
  else hideQuotes(message, text, hidden);
}

function hideQuotes(message: string, text: string, hidden: Uint8Array): void {
  for (let start = 0; start + QUOTE_LENGTH <= message.length; start++) {
    const end = start + QUOTE_LENGTH;
    if (text.includes(message.slice(start, end))) hidden.fill(1, start, end);
  }
}

/** A short text is hidden where it stands as a word: "a" must not blank every a. */
function hideWord(message: string, text: string, hidden: Uint8Array): void {
  if (text.trim() === "") return;
  for (let at = message.indexOf(text); at >= 0; at = message.indexOf(text, at + 1)) {
    const end = at + text.length;
    const inWord = /[\p{L}\p{N}]{2}/u;
    if (inWord.test(message.slice(at - 1, at + 1)) || inWord.test(message.slice(end - 1, end + 1))) continue;
    hidden.fill(1, at, end);
  }
}

function replaceHidden(message: string, hidden: Uint8Array): string {
  let clean = "";
  for (let at = 0; at < message.length; at++) {
    if (hidden[at] === 0) clean += message[at];
    else if (at === 0 || hidden[at - 1] === 0) clean += "[text]";
  }
  return clean;
}

/** The cause of a network failure with clean words, and nothing else that it carried. */
export function redactCause(cause: unknown, secrets: Secrets, depth = 3): unknown {
  if (!(cause instanceof Error) || depth === 0) return undefined;
  const inner = redactCause(cause.cause, secrets, depth - 1);
  const clean = new Error(redact(cause.message, secrets), inner === undefined ? {} : { cause: inner });
  clean.name = cause.name;
  // The stack's first line repeats the message.
  delete clean.stack;
  const code = (cause as { code?: unknown }).code;
  return typeof code === "string" ? Object.assign(clean, { code }) : clean;
}
