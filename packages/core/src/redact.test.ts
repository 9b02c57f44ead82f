import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keysOf, redact, redactCause, redactName, secretsIn } from "./redact.ts";

const apiKey = "tgp_v1_a-secret-key";
const keys = [apiKey];
const long = fc.string({ minLength: 16, maxLength: 200 }).filter((text) => !apiKey.includes(text));
const short = fc.stringMatching(/^[A-Z][a-z]{3,9}\d{2}$/);
const words = fc.string({ maxLength: 40 });

describe("redaction", () => {
  it("hides the key wherever it stands", () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        expect(redact(before + apiKey + after, { keys, texts: [] })).not.toContain(apiKey);
      }),
    );
  });

  it("hides long texts whole and in part, as they are and as JSON", () => {
    fc.assert(
      fc.property(words, long, fc.nat(), words, (before, text, cut, after) => {
        const part = text.slice(cut % (text.length - 15));
        const message = `${before} ${text} ${part} ${JSON.stringify(text)} ${after}`;
        expect(redact(message, { keys, texts: [text] })).not.toContain(text);
        expect(redact(part, { keys, texts: [text] })).not.toContain(part);
      }),
    );
  });

  // Code that `npm run mutation` has prepared counts its own steps, which takes many times as long.
  it.skipIf(process.env.MUTATION)("reads every text once, however long the message is", () => {
    const alphabet = "abcdefghijklmnopqrstuvwxyz ";
    let state = 7;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return alphabet[(state >>> 16) % alphabet.length];
    };
    const message = Array.from({ length: 600 }, random).join("");
    const text = Array.from({ length: 1_000_000 }, random).join("");
    const texts = Array.from({ length: 20 }, (_, from) => text.slice(from));
    const before = process.cpuUsage();
    expect(redact(message, { keys: [], texts })).toBe(message);
    const { user, system } = process.cpuUsage(before);
    // Half a second of the processor. To search the texts for each part of the message takes five.
    expect(user + system).toBeLessThan(2_500_000);
  });

  it("takes secrets out of headers, with and without their scheme", () => {
    expect(secretsIn()).toEqual([]);
    expect(secretsIn({ accept: "a-value", authorization: 7 })).toEqual([]);
    const found = secretsIn({ Authorization: "  Bearer \t the-secret  " });
    expect(new Set(found)).toEqual(new Set(["Bearer \t the-secret", "the-secret"]));
    expect(new Set(secretsIn({ cookie: "sid=abcdef; a=1" }))).toEqual(
      new Set(["sid=abcdef; a=1", "sid=abcdef", "abcdef"]),
    );
  });

  it("hides a key before one that is a part of it", () => {
    expect(keysOf("ab-12", ["ab-12-345678", "local"])).toEqual(["ab-12-345678", "ab-12"]);
    expect(keysOf(false, [])).toEqual([]);
  });

  it("cuts a page, and leaves no part of a key at the cut", () => {
    expect(redact("x ".repeat(400), { keys: [], texts: [] })).toHaveLength(600);
    const page = `${"x".repeat(590)}${apiKey}${"y".repeat(400)}`;
    expect(redact(page, { keys, texts: [] })).toBe("x".repeat(586));
    const before = "x".repeat(600 + apiKey.length - 4);
    expect(redact(`${before}${apiKey}${"y".repeat(400)}`, { keys, texts: [] })).toBe("x".repeat(600));
  });

  it("hides a short text that is quoted as JSON", () => {
    expect(redact(String.raw`got a\"b here`, { keys, texts: ['a"b'] })).toBe("got [text] here");
  });

  it("hides short texts that stand as words", () => {
    fc.assert(
      fc.property(short, (text) => {
        const message = redact(`refused: "${text}", (${text}) ${text}. ${text}`, { keys, texts: [text] });
        expect(message).toBe(`refused: "[text]", ([text]) [text]. [text]`);
      }),
    );
  });

  it("leaves words alone that only begin like a text", () => {
    const message = "a cat in a category: catalogue 1, 10 and 101";
    expect(redact(message, { keys, texts: ["cat", "10", "", " "] })).toBe(
      "a [text] in a category: catalogue 1, [text] and 101",
    );
  });

  it("keeps the API's own names when a text is such a word", () => {
    const texts = ["model", "request", "1", "a", "not_available"];
    for (const name of ["model_not_available", "invalid_request_error", "req-1", "input[1]"])
      expect(redactName(name, { keys, texts })).toBe(name);
    expect(redactName("12345 abcdefghijklmno", { keys, texts: ["12345", "abcdefghijklmno"] })).toMatch(
      /^12345 a/,
    );
    for (const text of ["abcdefghijklmnop", "abc1", "1a2", "A_b"])
      expect(redactName(`id ${text}`, { keys, texts: [text] })).toBe("id [text]");
    expect(redactName(`id-${apiKey}`, { keys, texts })).toBe("id-[key]");
    expect(redactName("said Secret99", { keys, texts: ["Secret99"] })).toBe("said [text]");
  });

  it("cleans a chain of causes, and drops all else that they carried", () => {
    const inner = Object.assign(new Error(`inner ${apiKey}`), { code: "ECONNRESET", request: apiKey });
    const cause = redactCause(new TypeError(`outer Secret99`, { cause: inner }), {
      keys,
      texts: ["Secret99"],
    });
    expect(cause).toMatchObject({ name: "TypeError", message: "outer [text]" });
    expect((cause as Error).cause).toMatchObject({ message: "inner [key]", code: "ECONNRESET" });
    expect((cause as Error).cause).not.toHaveProperty("request");
    expect(redactCause(`a string with ${apiKey}`, { keys, texts: [] })).toBeUndefined();
  });
});
