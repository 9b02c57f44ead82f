import { expect, test } from "vitest";
import { sentences } from "./sentences.ts";

test.each([
  ["One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]],
  ["A line that\nwraps here. Another.", ["A line that wraps here.", "Another."]],
  ["Use tools, e.g. hammers. Or not.", ["Use tools, e.g. hammers.", "Or not."]],
  [
    "# Title\n\nText below\n- a point\n- another\n2. a step",
    ["# Title", "Text below", "- a point", "- another", "2. a step"],
  ],
  ['He said "no." Then left.', ['He said "no."', "Then left."]],
  ["Version 1.5.8 is out. ---\n\n***", ["Version 1.5.8 is out."]],
  ["Below.\n------\nTea is hot.\n======", ["Below.", "Tea is hot."]],
  ["", []],
])("%j is the sentences %j", (text, expected) => {
  expect(sentences(text)).toEqual(expected);
});

test("a megabyte is read in linear time, with or without ends (quadratic time would be minutes)", () => {
  expect(sentences("no end ".repeat(150_000))).toHaveLength(1);
  expect(sentences("an end. ".repeat(130_000))).toHaveLength(130_000);
});
