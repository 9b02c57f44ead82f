import { describe, expect, it } from "vitest";
import { excerpt, plainText } from "./excerpt.ts";
import { matchWords } from "./words.ts";

const filler = Array.from({ length: 60 }, (_, n) => `word${n}`).join(" ");

describe("an excerpt", () => {
  it("is the whole of a short text", () => {
    expect(excerpt("A ticket costs four euros.", matchWords("ticket"), 100)).toBe(
      "A ticket costs four euros.",
    );
  });

  it("begins where most words match, at a word", () => {
    const text = `${filler} ticket alone ${filler} the ticket costs euros ${filler}`;
    const shown = excerpt(text, matchWords("ticket costs euros"), 100);
    expect(shown).toContain("the ticket costs euros");
    expect(shown).toMatch(/^…word\d+ /);
    expect(shown.length).toBeLessThanOrEqual(101);
  });

  it("begins at the beginning when the words match there, or nowhere", () => {
    expect(excerpt(`A ticket. ${filler}`, matchWords("ticket"), 80)).toMatch(/^A ticket\. word0/);
    expect(excerpt(filler, matchWords("ticket"), 80)).toMatch(/^word0 /);
  });

  it("reaches the end of the text when the words match there", () => {
    expect(excerpt(`${filler} one ticket`, matchWords("ticket"), 80)).toMatch(/ one ticket$/);
  });
});

describe("plain text", () => {
  it("has no marks of tables and emphasis", () => {
    expect(plainText("| name | what |\n| --- | :-: |\n| `model` | **which** one |")).toBe(
      "name what model which one",
    );
    expect(plainText("a - b, 1-2")).toBe("a - b, 1-2");
  });

  it("has no marks of headings and code, and one line", () => {
    expect(plainText("## Usage\n\n```ts\nawait embed(texts);\n```\n\nThat  is all.")).toBe(
      "Usage await embed(texts); That is all.",
    );
  });
});
