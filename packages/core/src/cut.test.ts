import { describe, expect, it } from "vitest";
import { takeHead } from "./cut.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** One id a character, and the text back from the ids. */
const characters: Tokenizer = {
  encode: (text) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0),
  decode: (ids) => String.fromCodePoint(...ids),
};
const countOf = (tokenizer: Tokenizer, text: string) => tokenizer.encode(text).length;

/** Every id depends on the whole text, so that no beginning has the tokens of the whole. */
const ofTheWhole: Tokenizer = {
  encode: (text) => Array.from({ length: text.length }, (_, at) => text.length * 1_000 + at),
  decode: () => "",
};

describe("the beginning of a text", () => {
  it("does not part the halves of a character where only the start of a long text is read", () => {
    const text = `a${"😀".repeat(5_000)}`;
    const fits = (head: string) => countOf(characters, head) <= 100;
    const head = takeHead(text, { tokenizer: characters, room: 100, fits, keepWords: false });
    expect(head).toBe(`a${"😀".repeat(99)}`);
  });

  it("is searched where a tokenizer ends every text with a token of its own", () => {
    const tokenizer: Tokenizer = {
      encode: (text) => [...Array.from(characters.encode(text)), 0],
      decode: (ids) => characters.decode(ids.filter((id) => id !== 0)),
    };
    const fits = (head: string) => countOf(tokenizer, head) <= 5;
    expect(takeHead("abcdefgh", { tokenizer, room: 5, fits, keepWords: false })).toBe("abcd");
  });

  it("is searched where the tokens of a text tell nothing of its beginning, between characters", () => {
    const cut = { tokenizer: ofTheWhole, room: 7, keepWords: false };
    const atMost = (length: number) => (head: string) => head.length <= length;
    expect(takeHead("abcdefghij", { ...cut, fits: atMost(7) })).toBe("abcdefg");
    expect(takeHead("😀".repeat(20), { ...cut, fits: atMost(7) })).toBe("😀😀😀");
  });

  it("is at least one whole character, even if that does not fit", () => {
    const cut = { tokenizer: ofTheWhole, room: 1, fits: () => false, keepWords: false };
    expect(takeHead("abc", cut)).toBe("a");
    expect(takeHead("😀😀", cut)).toBe("😀");
  });

  it("is shorter than its room where more than the tokens has to fit", () => {
    const tokenizer: Tokenizer = { ...characters, decode: () => "" };
    const fits = (head: string) => head.length <= 2;
    expect(takeHead("abc", { tokenizer, room: 10, fits, keepWords: false })).toBe("ab");
  });

  it("is found by a tokenizer whose `decode` gives no text", () => {
    const tokenizer = { ...characters, decode: () => undefined } as unknown as Tokenizer;
    const fits = (head: string) => countOf(tokenizer, head) <= 3;
    expect(takeHead("abcdef", { tokenizer, room: 3, fits, keepWords: false })).toBe("abc");
  });
});
