import { describe, expect, it } from "vitest";
import { readFloatArray } from "./float-array.ts";

describe("numbers as servers seldom write them", () => {
  it.each([
    "0.1234567890123456789012345678901234567890",
    "-1234567890123456789012345678901234567890.5",
    "0.0000000000000000000000000000000000000012345678901234",
    "1.5E-7",
    "1e5",
    "123456789012345678901234567890123456e-30",
    "0.30000000000000004440892098500626161694526672363281",
    // Nearer to the middle between two numbers than the quotient and its correction can tell.
    "0.766575085448095217",
    "-0.057970466895688990",
  ])("%s is read as JSON.parse reads it", (text) => {
    const bytes = new TextEncoder().encode(`[${text},${text}]`);
    expect(readFloatArray(bytes, 0, 2)?.numbers).toEqual(JSON.parse(`[${text},${text}]`));
  });

  it("are not looked for where no array begins", () => {
    expect(readFloatArray(new TextEncoder().encode("{}"), 0, 0)).toBeUndefined();
  });
});
