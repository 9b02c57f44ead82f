import { Tokenizer } from "@anush008/tokenizers";
import { describe, expect, it } from "vitest";
import { tokenizerFromJson } from "./from-json.ts";

const wholeFile = { version: "1.0", truncation: null, padding: null, added_tokens: [], normalizer: null };

/** Like XLM-R's: pieces with scores, with `▁` for a space. */
const unigram = {
  ...wholeFile,
  normalizer: { type: "NFKC" },
  pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
  post_processor: null,
  decoder: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
  model: {
    type: "Unigram",
    unk_id: 0,
    byte_fallback: false,
    vocab: [
      ["<unk>", 0],
      ["▁", -2],
      ["▁the", -3],
      ["▁cat", -4],
      ["s", -3.5],
      ["▁c", -5],
      ["at", -5.5],
      ["t", -6],
      ["a", -6],
      ["1", -7],
    ],
  },
};

/** Like ModernBERT's: bytes, merged in the order of the list. */
const bytePairs = {
  ...wholeFile,
  added_tokens: [
    {
      id: 12,
      content: "[MASK]",
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    },
  ],
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null,
  decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  model: {
    type: "BPE",
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    vocab: { t: 0, h: 1, e: 2, c: 3, a: 4, s: 5, Ġ: 6, th: 7, the: 8, Ġc: 9, at: 10, Ġcat: 11 },
    merges: ["t h", "th e", "Ġ c", "a t", "Ġc at"],
  },
};

describe("a tokenizer of the user's file", () => {
  it.for([
    ["Unigram", unigram, ["the cats", "the  cat", " cat at", "ｔｈｅ cat①", "the zebra", ""]],
    ["byte pairs", bytePairs, ["the cats", "the [MASK]cat", "tathe cat cat", "hethe", ""]],
  ] as const)("of %s gives the ids of the Rust tokenizers", async ([, json, texts]) => {
    const text = JSON.stringify(json);
    const rust = Tokenizer.fromString(text);
    for (const tokenizer of [tokenizerFromJson(text), tokenizerFromJson(json)]) {
      for (const given of texts) {
        const encoding = await rust.encode(given, null, { addSpecialTokens: false });
        expect(tokenizer.encode(given), given).toEqual(encoding.getIds());
      }
    }
  });

  it("gives the text back where its model does", () => {
    const { encode, decode } = tokenizerFromJson(bytePairs);
    expect(decode(Array.from(encode("the cats")))).toBe("the cats");
  });

  it("pays no heed to the file's own truncation and padding", () => {
    const truncation = { direction: "Right", max_length: 2, strategy: "LongestFirst", stride: 0 };
    const padding = { strategy: { Fixed: 8 }, direction: "Right", pad_id: 0, pad_type_id: 0, pad_token: "t" };
    const { encode } = tokenizerFromJson({ ...bytePairs, truncation, padding });
    expect(encode("the cat cat")).toEqual([8, 11, 11]);
  });

  it.for([
    ["text that is no JSON", "{", /no JSON/],
    ["another file", "{}", /`model`/],
    ["nothing", null as unknown as object, /`model`/],
    ["a model of an unknown kind", { ...bytePairs, model: { type: "Oracle" } }, /tokenizer\.json/],
  ] as const)("made of %s is a TypeError that says so", ([, json, message]) => {
    expect(() => tokenizerFromJson(json)).toThrow(message);
    expect(() => tokenizerFromJson(json)).toThrow(TypeError);
  });
});
