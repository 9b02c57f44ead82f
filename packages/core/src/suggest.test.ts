/** Which option is meant by a name that is none. */
import { expect, test } from "vitest";
import { suggest } from "./suggest.ts";

const options = ["model", "baseURL", "batchSize", "maxRetryWaitMs", "topN", "scoreThreshold", "timeoutMs"];

test.each([
  ["base_url", "baseURL"],
  ["max_retry_wait_ms", "maxRetryWaitMs"],
  ["top_n", "topN"],
  ["topK", "topN"],
  ["k", "topN"],
  ["endpoint", "baseURL"],
  ["chunkSize", "batchSize"],
  ["minScore", "scoreThreshold"],
  ["modelName", "model"],
  ["timeout", "timeoutMs"],
  ["threshold", "scoreThreshold"],
])("`%s` is `%s`", (name, meant) => {
  expect(suggest(name, options)).toBe(`did you mean \`${meant}\`?`);
});

test.each([
  // As many letters may differ as a third of the name has, and three at most.
  ["abx", "abc", true],
  ["ax", "ab", false],
  ["abcdxy", "abcdef", true],
  ["abcxyz", "abcdef", false],
  ["abcdefghixyz", "abcdefghiuvw", true],
  ["abcdefghijklwxyz", "abcdefghijklstuv", false],
  ["abcdefghz", "xxabcdefghi", true],
  ["abcdefghz", "xxxabcdefghi", false],
  // A name that contains the other, unless it is so short that this says nothing.
  ["abcd", "zzzzabcdzzzz", true],
  ["abc", "zzzzabczzzz", false],
  ["zzzzabcdezzzz", "abcde", true],
  ["zzzzabcdzzzz", "abcd", false],
])("whether `%s` is `%s`: %s", (name, known, isMeant) => {
  expect(suggest(name, [known])).toBe(isMeant ? `did you mean \`${known}\`?` : undefined);
});

test("an option of others that has none of ours in its place gets a sentence", () => {
  expect(suggest("stripNewLines", options)).toMatch(/replace newlines before you embed/);
  expect(suggest("endpoint", ["model"])).toBeUndefined();
});
