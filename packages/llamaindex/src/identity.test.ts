import type { Tokenizer } from "@together-retrieval/core";
import { expect, test } from "vitest";
import { describeOptions, identify } from "./identity.ts";

const tokenizer = (): Tokenizer => ({ encode: () => [], decode: () => "" });
const idOf = (options: object) => identify(describeOptions("embeddings", options), options as never);

test("an id does not depend on the order in which options are written, at any depth", () => {
  const one = { model: "m", extraBody: { b: 1, a: { d: 2, c: 3 } }, batchSize: 9 };
  const other = { batchSize: 9, extraBody: { a: { c: 3, d: 2 }, b: 1 }, model: "m" };
  expect(idOf(one)).toBe(idOf(other));
  expect(idOf(one)).not.toBe(idOf({ ...one, batchSize: 8 }));
  expect(idOf({ extraBody: { a: null } })).toContain('"a":null');
});

test("a tokenizer counts where it cuts texts, and only there", () => {
  const [a, b] = [tokenizer(), tokenizer()].map((one) => ({ maxTokens: 5, tokenizer: one }));
  for (const longInput of ["truncate", "average", "error"]) {
    expect(idOf({ profile: a, longInput })).toBe(idOf({ profile: a, longInput }));
    expect(idOf({ profile: a, longInput })).not.toBe(idOf({ profile: b, longInput }));
  }
  expect(idOf({ profile: a, longInput: "send" })).toBe(idOf({ profile: b, longInput: "send" }));
  expect(idOf({ profile: a })).toBe(idOf({ profile: b }));
  expect(idOf({ profile: "a-model", longInput: "truncate" })).not.toContain("tokenizer");
});
