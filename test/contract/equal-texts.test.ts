/** Equal texts, progress, and texts whose tokens only a tokenizer can tell. */
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { clientOf, MODEL as model } from "./client.ts";

describe("equal texts", () => {
  it("travel once, however many they are, and get a vector each", async ({ server }) => {
    const texts = ["b", "a", "a", "b", "a", "a"];
    const vectors = await clientOf(server).embed(texts, { model });
    expect(vectors).toEqual(texts.map((text) => vectorOf(text)));
    expect(new Set(vectors)).toHaveProperty("size", texts.length);
    expect(server.requests.map(({ inputs }) => inputs)).toEqual([["b", "a"]]);
  });

  it("count in the progress when the first of them is done already", async ({ server }) => {
    const done: number[] = [];
    const client = clientOf(server, { maxConcurrency: 1 });
    const onProgress = (progress: { done: number }) => void done.push(progress.done);
    // So many that the first is answered before the last batch is made.
    const texts = [..."abcdefghijklmnopqrstuvwxyz", "a", "a"];
    await client.embed(texts, { model, batchSize: 1, onProgress });
    expect(done.at(-1)).toBe(28);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });
});

it("the first text may be the one that is no string", async ({ server }) => {
  await expect(clientOf(server).embed([7, "a"] as string[], { model })).rejects.toThrow(
    /^Expected `texts\[0\]` to be a string, got a number$/,
  );
});

describe("with a tokenizer", () => {
  const tokenizer = {
    encode: (text: string) => text.split(" ").map((_, at) => at),
    decode: (ids: number[]) => ids.join(" "),
  };

  it("a text with too many tokens is refused before any request, even if others have more characters", async ({
    server,
  }) => {
    const texts = ["x".repeat(100), "y".repeat(90), "a b c d e f"];
    const options = {
      model,
      batchSize: 1,
      profile: { tokenizer, maxTokens: 5 },
      longInput: "error",
    } as const;
    await expect(clientOf(server).embed(texts, options)).rejects.toThrow(/text 2 /);
    expect(server.requests).toEqual([]);
  });

  it("the tokens of the prompt and the special tokens count in a batch", async ({ server }) => {
    const documentPrompt = "one two three four five six seven eight nine ten eleven twelve ";
    const profile = { tokenizer, specialTokens: 2, documentPrompt };
    const texts = Array.from({ length: 1_200 }, (_, at) => `text${at}`);
    await clientOf(server, { maxConcurrency: 1 }).embed(texts, { model, batchSize: 2_000, profile });
    // The prompt has 13 tokens, as its end is a space, and each text one more: 16 of 16,384 with the special tokens.
    expect(server.requests.map(({ inputs }) => inputs.length)).toEqual([1_024, 176]);
  });
});
