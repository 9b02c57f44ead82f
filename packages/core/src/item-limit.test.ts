import { expect, test } from "vitest";
import { itemLimitIn } from "./item-limit.ts";

test.each<[string, number, number | undefined]>([
  ["batch size 64 > maximum allowed batch size 32", 64, 32],
  ["batch size 64 > maximum allowed batch size 1", 64, 1],
  // Words about something else than the number of items.
  ["maximum 512 tokens for each of the inputs", 1_000, undefined],
  ["a maximum of 3 attempts was made", 64, undefined],
  // Numbers that cannot be the limit that this request was over.
  ["up to 0 inputs", 64, undefined],
  ["at most 32 inputs", 32, undefined],
  ["at most 96 inputs", 32, undefined],
  ["the limit of the account is 500, the limit of the batch is 32", 64, 32],
])("%s, of %i sent: %s", (words, sent, limit) => {
  expect(itemLimitIn(words, sent)).toBe(limit);
});
