/** The same ids as Hugging Face's own tokenizers, written in Rust. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Tokenizer } from "@anush008/tokenizers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bertTokenizer } from "./bert.ts";
import { vocabularyFile } from "./bert-vocabulary.ts";
import { hardStrings } from "./hard-strings.ts";

const original = readFileSync(join(dirname(vocabularyFile()), "tokenizer.json"), "utf8");
const rust = Tokenizer.fromString(original);
rust.disableTruncation();
rust.disablePadding();

async function rustIds(text: string): Promise<number[]> {
  return (await rust.encode(text, null, { addSpecialTokens: false })).getIds();
}

/** Ranges of Unicode 8. The Rust tokenizers do not know later characters; ours reads them as what they are. */
const ranges: [number, number][] = [
  [0x0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x3ff],
  [0x400, 0x4ff],
  [0x591, 0x5f4],
  [0x620, 0x66f],
  [0x900, 0x97f],
  [0xe01, 0xe5b],
  [0x1e00, 0x1eff],
  [0x2000, 0x2069],
  [0x2070, 0x218b],
  [0x3000, 0x30ff],
  [0x3400, 0x3500],
  [0x4e00, 0x4f00],
  [0xac00, 0xad00],
  [0xd800, 0xdfff],
  [0xe000, 0xe010],
  [0xf900, 0xfa00],
  [0xfb00, 0xfb06],
  [0xfe00, 0xfe2f],
  [0xff00, 0xffff],
  [0x1f600, 0x1f64f],
  [0x20000, 0x20100],
  [0xe0001, 0xe007f],
];
const rare = fc
  .oneof(...ranges.map(([min, max]) => fc.integer({ min, max })))
  .map((code) => String.fromCodePoint(code));
const common = fc.constantFrom(
  ..."abcdefghijklmnopqrstuvwxyz ABCZ 0189 .,'-([#",
  "[CLS]",
  "[SEP]",
  "ing",
  "\ufe0f",
);
const anyText = fc.string({ unit: fc.oneof(common, rare), maxLength: 40 });

describe("the tokenizer of bert-base-uncased", () => {
  it.for(hardStrings)("gives the ids of the Rust tokenizers for %j", async (text) => {
    expect(bertTokenizer().encode(text)).toEqual(await rustIds(text));
  });

  it("gives them for any text", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        expect(bertTokenizer().encode(text)).toEqual(await rustIds(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("gives words back", () => {
    const { encode, decode } = bertTokenizer();
    expect(decode(Array.from(encode("Unaffable tokens, [SEP] embedded!")))).toBe(
      "unaffable tokens , [SEP] embedded !",
    );
  });

  it.for(["a", " ", "a ", "[", "漢", "\u0301", "e\u0301", "😀", "[CLS]", "\u0001", "\ud83d", "Σ", "##"])(
    "reads a text of a million times %j, which a quadratic step would do in hours",
    { timeout: 60_000 },
    (unit) => {
      expect(bertTokenizer().encode(unit.repeat(1_000_000)).length).toBeLessThanOrEqual(2_000_000);
    },
  );

  it("is built once", () => {
    expect(bertTokenizer()).toBe(bertTokenizer());
  });
});
