/** The bytes of an answer, as they come -> its JSON value, with the vectors read straight from the bytes. */
import { decodeFloats } from "./base64.ts";
import { readFloatArray, skipSpace } from "./float-array.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;

const KEY = "embedding";
/** A whole string, or a number as Python writes what is not finite. */
const STRING_OR_NOT_FINITE = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;
/** For whole strings, which begin with a quote. */
const decoder = new TextDecoder();

/** Fewer bytes wait for more: what they begin and do not end is looked at again. */
const PIECE_BYTES = 32_768;

/**
 * Vectors are most of an answer: every `"embedding": […]` or `"embedding": "…"` becomes `"embedding": "n"`, its value entry n
 * of a list. The platform parses the rest, and with it everything unusual, such as an array that holds more than numbers.
 */
export class AnswerParser {
  readonly #pieceBytes: number;
  /** What came and is not done with are its first `#length` bytes. */
  #buffer = new Uint8Array(0);
  #length = 0;
  /** Bytes that are worth a look. */
  #enough: number;
  /** All that is done with but the vectors. */
  #json = "";
  readonly #decoder = new TextDecoder();
  /** Vectors, and strings under their key that hold none. */
  readonly #values: (number[] | string)[] = [];
  /** Of the last value under the key; 0 unless it was a vector. */
  #dimensions = 0;

  constructor(pieceBytes = PIECE_BYTES) {
    this.#pieceBytes = pieceBytes;
    this.#enough = pieceBytes;
  }

  push(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
    if (length < this.#enough) return;
    const done = this.#read(this.#buffer.subarray(0, length), false);
    this.#buffer.copyWithin(0, done, length);
    this.#length = length - done;
    // Twice what is left, so that the bytes of a vector in many small chunks are not looked at once for each.
    this.#enough = Math.max(this.#pieceBytes, 2 * this.#length);
  }

  /** Vectors as `number[]`, from base64 too. @throws SyntaxError for what is not JSON */
  end(): unknown {
    this.#read(this.#buffer.subarray(0, this.#length), true);
    this.#json += this.#decoder.decode();
    return this.#parse(this.#json);
  }

  /** After `end()` found no JSON: the value with null for `NaN` and `Infinity`, which Python writes. @throws SyntaxError */
  withNulls(): unknown {
    return this.#parse(this.#json.replace(STRING_OR_NOT_FINITE, (at) => (at[0] === '"' ? at : "null")));
  }

  /** Whether what came is only the beginning of an object or an array. */
  endsEarly(): boolean {
    const marks = this.#json.replace(STRING_OR_NOT_FINITE, "");
    const count = (pattern: RegExp) => marks.match(pattern)?.length ?? 0;
    return /^\s*[[{]/.test(marks) && (marks.includes('"') || count(/[[{]/g) > count(/[\]}]/g));
  }

  #parse(json: string): unknown {
    if (this.#values.length === 0) return JSON.parse(json);
    return JSON.parse(json, (key, value: unknown) =>
      // Every string under this key became a place in the list, but for those that no JSON may hold.
      key === KEY && typeof value === "string" ? this.#values[Number(value)] : value,
    );
  }

  /** Goes from string to string. @returns how many bytes are done: all, or those before a key whose value has not come whole */
  #read(bytes: Uint8Array, isLast: boolean): number {
    const lastClose = bytes.lastIndexOf(CLOSE);
    let kept = 0;
    let at = 0;
    for (let start = bytes.indexOf(QUOTE); start >= 0; start = bytes.indexOf(QUOTE, at)) {
      const end = stringEnd(bytes, start);
      const colon = skipSpace(bytes, end);
      // Without a colon it is a value, whatever it says.
      const isKey = bytes[colon] === COLON;
      at = isKey ? skipSpace(bytes, colon + 1) : colon;
      const isVector = isKey && isEmbedding(bytes, start, end);
      const valueEnd = isVector && bytes[at] === QUOTE ? stringEnd(bytes, at) : at;
      if (!isLast && (valueEnd >= bytes.length || (isVector && bytes[at] === OPEN && at > lastClose))) {
        this.#keep(bytes.subarray(kept, start));
        return start;
      }
      if (!isVector) continue;
      const read =
        bytes[at] === QUOTE ? readString(bytes, at, valueEnd) : readFloatArray(bytes, at, this.#dimensions);
      this.#dimensions = Array.isArray(read?.value) ? read.value.length : 0;
      if (!read) continue;
      this.#keep(bytes.subarray(kept, at));
      this.#json += `"${this.#values.length}"`;
      this.#values.push(read.value);
      at = read.end;
      kept = at;
    }
    this.#keep(bytes.subarray(kept));
    return bytes.length;
  }

  #keep(bytes: Uint8Array): void {
    this.#json += this.#decoder.decode(bytes, { stream: true });
  }
}

/** Whether the string from `start` to `end`, quotes and all, is the key of vectors; some of its letters may be escapes. */
function isEmbedding(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= `"${KEY}"`.length && unquoted(decode(bytes, start, end)) === KEY;
}

/** The floats in the string from `start` to `end`, or what else it says; `undefined` for what is no string of JSON. */
function readString(
  bytes: Uint8Array,
  start: number,
  end: number,
): { value: number[] | string; end: number } | undefined {
  const quoted = decode(bytes, start, end);
  const floats = decodeFloats(quoted.slice(1, -1));
  if (floats) return { value: floats, end };
  // Some servers write every `/` as `\/`.
  const text = unquoted(quoted);
  return text === undefined ? undefined : { value: decodeFloats(text) ?? text, end };
}

function unquoted(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted);
  } catch {
    // The whole answer will be refused for it.
    return undefined;
  }
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** Behind the closing quote of the string that opens at `start`, or behind all bytes. */
function stringEnd(bytes: Uint8Array, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start + 1); end >= 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (bytes[end - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return bytes.length;
}
