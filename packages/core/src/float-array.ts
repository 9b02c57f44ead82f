/** The bytes of a JSON array of numbers -> `number[]`, each bit-equal to what `JSON.parse` gives. */

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/**
 * Reads the array that opens at `start`.
 * @returns its numbers and the position behind it; `undefined` for anything but finite numbers in plain JSON
 */
export function readFloatArray(
  bytes: Uint8Array,
  start: number,
  likelyLength: number,
): { value: number[]; end: number } | undefined {
  if (bytes[start] !== OPEN) return undefined;
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE) return { value: [], end: at + 1 };
  const numbers = new Array<number>(likelyLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let count = 0; ; count++) {
    let end = readPlainly(view, at, numbers, count);
    if (end < 0) end = readSlowly(bytes, at, numbers, count);
    if (end < 0) return undefined;
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) {
      at = skipSpace(bytes, at + 1);
    } else if (bytes[at] === CLOSE) {
      numbers.length = count + 1;
      return { value: numbers, end: at + 1 };
    } else {
      return undefined;
    }
  }
}

export function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  for (
    let byte = bytes[at];
    byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    byte = bytes[at]
  )
    at++;
  return at;
}

/** Bytes of the longest usual number, and the one behind it. */
const LONGEST = 24;

/**
 * Reads the number at `start` into `numbers[index]`: one that was returned would take a place on the heap.
 * @returns where it ends; -1 unless it has the usual form, `-0.0123`, with up to 20 digits behind the point
 */
function readPlainly(bytes: DataView, start: number, numbers: number[], index: number): number {
  if (start + LONGEST > bytes.byteLength) return -1;
  const negative = Number(bytes.getUint8(start) === MINUS);
  const sign = 1 - 2 * negative;
  // One digit before the point, as in all vectors that are near length 1.
  const point = start + negative + 1;
  const whole = bytes.getUint8(point - 1) - ZERO;
  if (!isDigit(whole) || bytes.getUint8(point) !== DOT) return -1;
  // Behind it four times four digits, and up to four more: no branch depends on what a digit is, nor on how many zeros lead.
  const a = wordAt(bytes, point + 1);
  const b = wordAt(bytes, point + 5);
  const c = wordAt(bytes, point + 9);
  const d = wordAt(bytes, point + 13);
  if (otherThanDigits(a) | otherThanDigits(b) | otherThanDigits(c) | otherThanDigits(d))
    return readShort(bytes, point, sign, numbers, index);
  const more = wordAt(bytes, point + 17);
  const count = leadingDigits(more);
  const end = point + 17 + count;
  if (goesOn(bytes.getUint8(end))) return -1;
  const first = whole * 1e8 + fourDigits(a) * 1e4 + fourDigits(b);
  // Of 24 bits, so that its product with 10^8, which has 19, is exact, and so is what is left of `first`.
  const coarse = Math.fround(first * 1e-8);
  const fine =
    (first - coarse * 1e8) * 1e-8 +
    (fourDigits(c) * 1e4 + fourDigits(d)) * 1e-16 +
    // The others are shifted out, and zeros in before the first.
    (count === 0 ? 0 : fourDigits(more << (32 - 8 * count))) * (BEHIND[count] as number);
  const value = coarse + (fine - DOUBT);
  // Rounded once, unless the last bit is in doubt.
  if (value !== coarse + (fine + DOUBT)) return -1;
  numbers[index] = sign * value;
  return end;
}

/** 10^-16 to 10^-20. */
const BEHIND = [1e-16, 1e-17, 1e-18, 1e-19, 1e-20];

/** `fine` is below 2^-20: its terms, and their sum, are good to 2^-71. */
const DOUBT = 2 ** -70;

/** Up to 15 digits behind the point: an integer and a power of ten, both exact in a double, so that one division rounds once. */
function readShort(bytes: DataView, point: number, sign: number, numbers: number[], index: number): number {
  let at = point + 1;
  let digits = bytes.getUint8(point - 1) - ZERO;
  let byte = bytes.getUint8(at);
  while (isDigit(byte - ZERO)) {
    digits = digits * 10 + byte - ZERO;
    byte = bytes.getUint8(++at);
  }
  const decimals = at - point - 1;
  if (decimals === 0 || goesOn(byte) || digits > Number.MAX_SAFE_INTEGER) return -1;
  numbers[index] = (sign * digits) / (TEN[decimals] as number);
  return at;
}

/** Powers of ten that a double holds exactly. */
const TEN = Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));

/** Of a byte less that of zero. */
function isDigit(value: number): boolean {
  return value >= 0 && value <= 9;
}

/** Whether a number does not end before this byte, a digit or the sign of an exponent. */
function goesOn(byte: number): boolean {
  return isDigit(byte - ZERO) || (byte | 0x20) === 0x65;
}

/** Four characters in a word, the first in its lowest byte; of each, if it is a digit, its value. */
function wordAt(bytes: DataView, at: number): number {
  return bytes.getInt32(at, true) ^ 0x30303030;
}

/** The highest bit of every byte of a word that is no digit; behind the first of them, of others too. */
function otherThanDigits(word: number): number {
  return ((word + 0x76767676) | word) & 0x80808080;
}

/** How many digits the word begins with. */
function leadingDigits(word: number): number {
  const others = otherThanDigits(word);
  return others === 0 ? 4 : (31 - Math.clz32(others & -others)) >> 3;
}

/** The word's digits as an integer. */
function fourDigits(word: number): number {
  return twoPairs(word * 10 + (word >> 8));
}

/** Lowest and third byte: a digit as tens, and the next one as ones. */
function twoPairs(pairs: number): number {
  return (pairs & 0xff) * 100 + ((pairs >> 16) & 0xff);
}

const decoder = new TextDecoder();

/** Any JSON number, by the platform. @returns where it ends; -1 for what is no finite one */
function readSlowly(bytes: Uint8Array, start: number, numbers: number[], index: number): number {
  let end = start;
  while (isOfNumber(bytes[end])) end++;
  const text = decoder.decode(bytes.subarray(start, end));
  const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) return -1;
  numbers[index] = number;
  return end;
}

/** Digits, and `+ - . e E`. Anything else ends a number, so that what is none is not looked at further. */
function isOfNumber(byte: number | undefined): boolean {
  return byte !== undefined && (isDigit(byte - ZERO) || "+-.eE".includes(String.fromCharCode(byte)));
}
