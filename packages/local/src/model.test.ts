import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { originalModelFolder } from "../scripts/build-model.ts";
import { Reference } from "../scripts/reference.ts";
import { TextModel } from "./model.ts";

const folder = fileURLToPath(new URL("../dist/model/", import.meta.url));
const texts = [
  "How tall is the Eiffel Tower?",
  "The tower is 330 metres tall, about the same height as an 81-storey building.",
  "naïve café — ÜBERRASCHUNG! 東京タワー 🙂 don't_split e-mail@example.com",
  "for (let i = 0; i < 10; i++) console.log(words[i]);",
  "one two three four five ".repeat(100),
];

let model: TextModel;
let reference: Reference;
let original: Reference;
beforeAll(async () => {
  model = await TextModel.load(folder);
  reference = await Reference.load(folder, "model.onnx");
  original = await Reference.load(originalModelFolder(), "onnx/model_q4.onnx");
});

async function embed(batch: string[]): Promise<Float32Array[]> {
  const ids = batch.map((text) => model.tokens(text));
  const { states, longest } = await model.states(ids);
  return ids.map((row, r) =>
    model.vector(states.subarray(r * longest * 384, (r * longest + row.length) * 384)),
  );
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

describe("the model", () => {
  test("reads the tokens that the tokenizer gives, cut to 256 with the end token kept", () => {
    for (const text of texts) expect(model.tokens(text)).toEqual(reference.tokens(text));
    expect(model.tokens(texts[4] ?? "")).toHaveLength(256);
    expect(model.tokens("")).toEqual([101, 102]);
  });

  test("cuts a very long text early and still reads the same tokens", () => {
    const long = "some words and then more ".repeat(20_000);
    const oneWord = `${"x".repeat(30_000)} and ${"y".repeat(30_000)} end`;
    const withoutSpaces = "東京タワーは高い。".repeat(5000);
    // A word of more than 100 letters is one unknown token; what stands of it before the cut would be many.
    const wordAtTheCut = `${"document ".repeat(214)}${"a ".repeat(31)}${"z".repeat(4000)} end`;
    for (const text of [long, oneWord, withoutSpaces, wordAtTheCut])
      expect(model.tokens(text)).toEqual(reference.tokens(text));
  });

  test("gives a plain run's vectors, alone and in a batch of any lengths", async () => {
    const batch = await embed(texts);
    for (const [i, text] of texts.entries()) {
      const plain = await reference.embed(text);
      const [alone] = await embed([text]);
      expect(cosine(batch[i] ?? [], plain)).toBeGreaterThan(0.999999);
      expect(alone).toEqual(batch[i]);
    }
  });

  test("stays near the export it was made from, whose word embeddings are floats", async () => {
    // The export computes in 8 bits itself: a change of its word embeddings by 1e-6 moves cosines by 3e-4 already.
    for (const text of texts) {
      expect(cosine(await reference.embed(text), await original.embed(text))).toBeGreaterThan(0.999);
    }
  });

  test("says what is wrong with a folder that holds none", async () => {
    await expect(TextModel.load("/nonexistent")).rejects.toThrow(/^No ONNX model in \/nonexistent/);
  });
});
