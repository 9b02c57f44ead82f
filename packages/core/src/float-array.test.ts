import { describe, expect, it } from "vitest";
import { readFloatArray } from "./float-array.ts";

/** With more behind it, as in an answer: near the end of all bytes numbers are read another way. */
const bytesOf = (text: string) =>
  new TextEncoder().encode(`${text},"usage":{"prompt_tokens":12,"total_tokens":12}}`);

describe("numbers as servers seldom write them", () => {
  it.each([
    "0.1234567890123456789012345678901234567890",
    "-1234567890123456789012345678901234567890.5",
    "0.0000000000000000000000000000000000000012345678901234",
    "1.5E-7",
    "1e5",
    "123456789012345678901234567890123456e-30",
    "0.30000000000000004440892098500626161694526672363281",
    // Nearer to the middle between two doubles than the parts of a sum can tell.
    "0.93468603623414009407",
    "-0.004144049990769992",
    "0.62854952773959521517",
    // One digit more, and one fewer, than are read at once.
    "0.000123456789012345678",
    "0.00012345678901234567",
    "9.9999999999999999",
    "9.999999999999999",
    "0.0000000000000001",
    "-0.0000000000000000",
    "0.1234567890123456e-3",
    "0.12345678901234567E2",
  ])("%s is read as JSON.parse reads it", (text) => {
    const array = `[${text},${text}]`;
    expect(readFloatArray(bytesOf(array), 0, 2)).toEqual({ value: JSON.parse(array), end: array.length });
  });

  it("are not looked for where no array begins", () => {
    expect(readFloatArray(bytesOf("{}"), 0, 0)).toBeUndefined();
  });
});
