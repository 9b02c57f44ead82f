/** Base64 of little-endian float32 -> `number[]`. */

/** @returns `undefined` for a string that is not base64, or not of whole floats */
export function decodeFloats(text: string): number[] | undefined {
  const bytes = decodeBytes(text);
  if (!bytes || bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // A loop, because `Array.from` takes four times as long.
  const numbers = new Array<number>(bytes.length / 4);
  for (let at = 0; at < numbers.length; at++) numbers[at] = view.getFloat32(at * 4, true);
  return numbers;
}

/** How many characters these bytes take as padded base64. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function decodeBytes(text: string): Uint8Array | undefined {
  if (globalThis.Buffer) {
    const bytes = globalThis.Buffer.from(text, "base64");
    // `Buffer` silently skips characters that are not base64, so the bytes are encoded again and compared.
    return bytes.toString("base64") === text ? bytes : undefined;
  }
  if (text.length % 4 !== 0 || !BASE64.test(text)) return undefined;
  const binary = atob(text);
  if (btoa(binary) !== text) return undefined;
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
