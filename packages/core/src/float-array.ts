/** The bytes of a JSON array of numbers -> `number[]`, each bit-equal to what `JSON.parse` gives. */

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** Where the number that was just read ends; -1 when what stood there is no finite JSON number. */
let next = 0;

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
    const number = readNumber(bytes, at);
    if (next < 0) return undefined;
    numbers[count] = number;
    at = skipSpace(bytes, next);
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

/** The usual form, `-0.0123`: up to 18 digits that count, up to 22 behind the point. All else goes the slow way. */
function readNumber(bytes: Uint8Array, start: number): number {
  let at = start;
  const isNegative = bytes[at] === MINUS;
  if (isNegative) at++;
  // One digit before the point, as in all vectors that are near length 1.
  let first = (bytes[at++] as number) - ZERO;
  if (!(first >= 0 && first <= 9) || bytes[at] !== DOT) return readSlowly(bytes, start);
  const point = at++;
  if (first === 0) while (bytes[at] === ZERO) at++;
  // Nine digits at a time stay within a 32-bit integer.
  let digit = (bytes[at] as number) - ZERO;
  const firstEnd = at + (first === 0 ? 9 : 8);
  while (digit >= 0 && digit <= 9 && at < firstEnd) {
    first = (first * 10 + digit) | 0;
    digit = (bytes[++at] as number) - ZERO;
  }
  const firstAt = at;
  let second = 0;
  while (digit >= 0 && digit <= 9 && at < firstAt + 9) {
    second = (second * 10 + digit) | 0;
    digit = (bytes[++at] as number) - ZERO;
  }
  const decimals = at - point - 1;
  const byte = bytes[at];
  if ((digit >= 0 && digit <= 9) || byte === 0x65 || byte === 0x45 || decimals === 0 || decimals > 22)
    return readSlowly(bytes, start);
  next = at;
  const value = divide(first, firstAt - point - 1, second, decimals);
  if (Number.isNaN(value)) return readSlowly(bytes, start);
  return isNegative ? -value : value;
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
  // The correction is good to 2^-75 of the value: where that decides the last bit, it must not.
  const doubt = quotient * 2 ** -72;
  const value = quotient + (correction - doubt);
  return value === quotient + (correction + doubt) ? value : Number.NaN;
}

const decoder = new TextDecoder();

/** Any JSON number, by the platform. */
function readSlowly(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < bytes.length && !endsNumber(bytes[end] as number)) end++;
  const text = decoder.decode(bytes.subarray(start, end));
  const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  next = Number.isFinite(number) ? end : -1;
  return number;
}

function endsNumber(byte: number): boolean {
  return byte === COMMA || byte === CLOSE || byte <= 0x20;
}
