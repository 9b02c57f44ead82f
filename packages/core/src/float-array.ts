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
): { numbers: number[]; end: number } | undefined {
  if (bytes[start] !== OPEN) return undefined;
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE) return { numbers: [], end: at + 1 };
  const numbers = new Array<number>(likelyLength);
  for (let count = 0; ; count++) {
    let end = readPlainly(bytes, at, numbers, count);
    if (end < 0) end = readSlowly(bytes, at, numbers, count);
    if (end < 0) return undefined;
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) {
      at = skipSpace(bytes, at + 1);
    } else if (bytes[at] === CLOSE) {
      numbers.length = count + 1;
      return { numbers, end: at + 1 };
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

/** Powers of ten that a double holds exactly, their inverses, and the same cut into halves of 26 bits. */
const TEN = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const TENTH = TEN.map((power) => 1 / power);
const SPLIT = 2 ** 27 + 1;
const HIGH = TEN.map((power) => SPLIT * power - (SPLIT * power - power));
const LOW = TEN.map((power, exponent) => power - (HIGH[exponent] as number));

/**
 * Reads the number at `start` into `numbers[index]`: one that was returned would take a place on the heap.
 * @returns where it ends; -1 unless it has the usual form, `-0.0123`: up to 17 digits that count, up to 22 behind the point
 */
function readPlainly(bytes: Uint8Array, start: number, numbers: number[], index: number): number {
  const negative = Number(bytes[start] === MINUS);
  // One digit before the point, as in all vectors that are near length 1.
  const whole = (bytes[start + negative] as number) - ZERO;
  const point = start + negative + 1;
  if (!isDigit(whole) || bytes[point] !== DOT) return -1;
  let at = point + 1;
  if (whole === 0) while (bytes[at] === ZERO) at++;
  // Eight digits at once: with the one before the point, or one behind them, they fit an integer of 32 bits.
  let first = whole;
  const eight = eightDigits(bytes, at);
  if (eight >= 0) {
    first = (first * 1e8 + eight) | 0;
    at += 8;
  }
  let digit = (bytes[at] as number) - ZERO;
  // Of fewer than eight.
  while (eight < 0 && isDigit(digit)) {
    first = (first * 10 + digit) | 0;
    digit = (bytes[++at] as number) - ZERO;
  }
  const firstAt = at;
  const more = eightDigits(bytes, at);
  let second = 0;
  if (more >= 0) {
    second = more;
    at += 8;
    digit = (bytes[at] as number) - ZERO;
  }
  while (isDigit(digit) && at < firstAt + 9) {
    second = (second * 10 + digit) | 0;
    digit = (bytes[++at] as number) - ZERO;
  }
  const decimals = at - point - 1;
  const hasExponent = ((bytes[at] as number) | 0x20) === 0x65;
  if (isDigit(digit) || hasExponent || decimals === 0 || decimals > 22) return -1;
  const value = divide(first, firstAt - point - 1, second, decimals);
  if (Number.isNaN(value)) return -1;
  numbers[index] = value * (1 - 2 * negative);
  return at;
}

/** Of a byte less that of zero. Not a number, as behind the end, is none. */
function isDigit(value: number): boolean {
  return value >= 0 && value <= 9;
}

/**
 * The eight digits at `at` as an integer; negative when one of them is none. Behind the end anything may come out: no comma
 * and no bracket follows there, so nothing of it is used.
 */
function eightDigits(bytes: Uint8Array, at: number): number {
  const left = fourDigits(bytes, at);
  const right = fourDigits(bytes, at + 4);
  return (left | right) < 0 ? -1 : (left * 10_000 + right) | 0;
}

/** Without a branch for each: a number below zero, or above nine, shows in the sign. */
function fourDigits(bytes: Uint8Array, at: number): number {
  const a = (bytes[at] as number) - ZERO;
  const b = (bytes[at + 1] as number) - ZERO;
  const c = (bytes[at + 2] as number) - ZERO;
  const d = (bytes[at + 3] as number) - ZERO;
  const signs = a | b | c | d | (9 - a) | (9 - b) | (9 - c) | (9 - d);
  return signs < 0 ? signs : ((a * 10 + b) * 100 + c * 10 + d) | 0;
}

/** first / 10^firstDecimals + second / 10^decimals, rounded once; NaN where the rounding is in doubt. */
function divide(first: number, firstDecimals: number, second: number, decimals: number): number {
  const power = TEN[firstDecimals] as number;
  const quotient = first / power;
  if (second === 0) return quotient;
  // What the division left over, exactly: both factors are multiplied in halves (Dekker's product).
  const product = quotient * power;
  const spread = SPLIT * quotient;
  const high = spread - (spread - quotient);
  const low = quotient - high;
  const powerHigh = HIGH[firstDecimals] as number;
  const powerLow = LOW[firstDecimals] as number;
  const missing = high * powerHigh - product + high * powerLow + low * powerHigh + low * powerLow;
  const rest = first - product - missing;
  const correction = rest * (TENTH[firstDecimals] as number) + second * (TENTH[decimals] as number);
  // The correction is good to 2^-74 of the value: where that decides the last bit, it must not.
  const doubt = quotient * 2 ** -72;
  const value = quotient + (correction - doubt);
  return value === quotient + (correction + doubt) ? value : Number.NaN;
}

const decoder = new TextDecoder();

/** Any JSON number, by the platform. @returns where it ends; -1 for what is no finite one */
function readSlowly(bytes: Uint8Array, start: number, numbers: number[], index: number): number {
  let end = start;
  while (end < bytes.length && !endsNumber(bytes[end] as number)) end++;
  const text = decoder.decode(bytes.subarray(start, end));
  const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) return -1;
  numbers[index] = number;
  return end;
}

function endsNumber(byte: number): boolean {
  return byte === COMMA || byte === CLOSE || byte <= 0x20;
}
