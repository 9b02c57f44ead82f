/** The bytes of an answer -> its JSON value, with the vectors of `data` read straight from the bytes. */
import { decodeFloats } from "./base64.ts";
import { isRecord } from "./check.ts";
import { readFloatArray, skipSpace } from "./float-array.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const KEY = new TextEncoder().encode("embedding");

const decoder = new TextDecoder();
/** For what is not the beginning: a byte order mark there is a mistake that the parser must see. */
const innerDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Vectors come as `number[]`, from base64 too, unless something is unusual. @throws SyntaxError for what is not JSON */
export function parseAnswer(bytes: Uint8Array): unknown {
  const cut = cutArrays(bytes);
  if (!cut) return JSON.parse(decoder.decode(bytes));
  const body: unknown = JSON.parse(cut.json);
  const entries = isRecord(body) && Array.isArray(body.data) ? (body.data as unknown[]) : [];
  for (const entry of entries) {
    // All vectors under this key were cut, so what stands there is a place in the list.
    if (isRecord(entry) && Array.isArray(entry.embedding)) entry.embedding = cut.arrays[entry.embedding[0]];
  }
  return body;
}

/**
 * Vectors are most of an answer: every `"embedding": […]` or `"embedding": "base64"` becomes `"embedding": [n]`, its
 * numbers entry n of a list.
 * @returns `undefined` for an answer without vectors, or with anything unusual: the platform parses it whole
 */
function cutArrays(bytes: Uint8Array): { json: string; arrays: number[][] } | undefined {
  const arrays: number[][] = [];
  let json = "";
  let kept = 0;
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at)) {
    const start = at + 1;
    const end = stringEnd(bytes, start);
    if (end < 0) return undefined;
    at = skipSpace(bytes, end + 1);
    // Without a colon it is a value, whatever it says.
    if (bytes[at] !== COLON) continue;
    if (bytes.subarray(start, end).includes(BACKSLASH)) return undefined;
    if (!isEmbedding(bytes, start, end)) continue;
    at = skipSpace(bytes, at + 1);
    const array =
      bytes[at] === QUOTE ? readBase64(bytes, at) : readFloatArray(bytes, at, arrays.at(-1)?.length ?? 0);
    if (!array) return undefined;
    json += `${decode(bytes, kept, at)}[${arrays.length}]`;
    arrays.push(array.numbers);
    at = array.end;
    kept = at;
  }
  return arrays.length === 0 ? undefined : { json: json + decode(bytes, kept, bytes.length), arrays };
}

/** The string that opens at `start` -> its floats, and the position behind it. */
function readBase64(bytes: Uint8Array, start: number): { numbers: number[]; end: number } | undefined {
  const end = bytes.indexOf(QUOTE, start + 1);
  const numbers = end < 0 ? undefined : decodeFloats(decode(bytes, start + 1, end));
  return numbers && { numbers, end: end + 1 };
}

/** Where the string that begins at `start` has its closing quote; -1 if nowhere. */
function stringEnd(bytes: Uint8Array, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start); end >= 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (bytes[end - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
}

function isEmbedding(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === KEY.length && KEY.every((byte, at) => bytes[start + at] === byte);
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return (start === 0 ? decoder : innerDecoder).decode(bytes.subarray(start, end));
}
