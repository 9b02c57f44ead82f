import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averageVectors, fitText } from "./long-input.ts";
import { normalizeVector } from "./vectors.ts";

const codePoints = {
  encode: (text: string) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0),
  decode: (ids: number[]) => String.fromCodePoint(...ids),
};
/** Gives nothing back, and counts more tokens than letters, as WordPiece does with rare ones. */
const pieces = {
  encode: (text: string) => Array.from(text.matchAll(/\S/gu)).flatMap(() => [1, 2]),
  decode: () => "[UNK]",
};

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 120 });
const limits = fc.record({
  tokenizer: fc.constantFrom(codePoints, pieces),
  maxTokens: fc.integer({ min: 8, max: 30 }),
  specialTokens: fc.integer({ min: 0, max: 2 }),
  prompt: fc.constantFrom("", "q:"),
});

describe("a text over the limit", () => {
  it("is cut into pieces that fit, in order, and lose nothing but spaces at the end", () => {
    fc.assert(
      fc.property(text, limits, (given, limit) => {
        const parts = fitText(given, 0, "average", limit);
        const joined = parts.map((part) => part.text).join("");
        expect(given.startsWith(joined)).toBe(true);
        expect(given.slice(joined.length).trim()).toBe("");
        for (const part of parts) {
          const tokens = limit.tokenizer.encode(limit.prompt + part.text).length + limit.specialTokens;
          expect(tokens).toBeLessThanOrEqual(limit.maxTokens);
          // No half of a character, which with the `u` flag only a lone one matches.
          expect(part.text).not.toMatch(/\p{Surrogate}/u);
        }
      }),
    );
  });

  it("is truncated to the first of those pieces", () => {
    fc.assert(
      fc.property(text, limits, (given, limit) => {
        const [first] = fitText(given, 0, "average", limit);
        expect(fitText(given, 0, "truncate", limit)).toEqual([first]);
      }),
    );
  });
});

describe("vectors", () => {
  it("are averaged by weight, and scaled to length 1", () => {
    const [x = 0, y = 0] = averageVectors([
      { vector: [1, 0], tokens: 3 },
      { vector: [0, 2], tokens: 1 },
    ]);
    expect(x / y).toBeCloseTo(0.75 / 0.5, 12);
    expect(Math.hypot(x, y)).toBeCloseTo(1, 12);
  });

  it("are scaled to length 1, zeros as they are", () => {
    expect(normalizeVector([3, 4])).toEqual([0.6, 0.8]);
    expect(normalizeVector([0, 0])).toEqual([0, 0]);
  });
});
