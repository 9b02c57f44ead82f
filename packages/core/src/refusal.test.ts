/** What a refusal is about, by its status and its words. */
import { expect, test } from "vitest";
import { type Refusal, type Subject, subjectOfRefusal, wrappedStatus } from "./refusal.ts";

const silent: Refusal = { words: null, code: null, type: null, param: null, id: null };
const sent = { model: "m", input: ["a"], encoding_format: "base64", return_documents: false };

test.each<[number, Partial<Refusal>, Subject]>([
  [400, { words: "encoding_format is unknown" }, "encoding_format"],
  [500, { param: "encoding_format" }, "encoding_format"],
  [501, { param: "encoding_format" }, "request"],
  [500, { code: "return_documents" }, "return_documents"],
  [501, { words: "return_documents" }, "request"],
  [413, {}, "one input"],
  [500, { words: "input is too large" }, "one input"],
  [500, { words: "it broke" }, "request"],
  [403, { words: "over the context length" }, "one input"],
  [403, { words: "no right" }, "request"],
  [404, { words: "input is too large" }, "request"],
  [400, {}, "one input"],
  [422, {}, "one input"],
  [400, { param: "model" }, "request"],
  [400, { param: "input.3" }, "one input"],
  [400, { code: "model_not_found" }, "request"],
  [400, { type: "billing" }, "request"],
  [400, { words: "The model `x` does not exist" }, "request"],
  [400, { words: "the model is not an embedding model" }, "request"],
])("%i with %j is about: %s", (status, refusal, subject) => {
  expect(subjectOfRefusal({ ...silent, ...refusal }, status, sent)).toBe(subject);
});

test("a member that was not sent is not what the refusal is about", () => {
  for (const words of ["encoding_format", "return_documents"])
    expect(subjectOfRefusal({ ...silent, words }, 400, { input: ["a"] })).toBe("one input");
});

test.each<[string, Subject]>([
  ["the query is odd", "request"],
  ["query and document are too long", "one input"],
  ["odd", "one input"],
])("a ranking refused with %j is about: %s", (words, subject) => {
  expect(subjectOfRefusal({ ...silent, words }, 400, { query: "q", documents: ["d"] })).toBe(subject);
});

test.each([
  [400, 400],
  [599, 599],
  [399, 0],
  [600, 0],
])("an error of %i in a good answer counts as %i", (code, status) => {
  expect(wrappedStatus({ error: { message: "no", code } })).toBe(status);
  expect(wrappedStatus({ error: { message: "no", code }, data: [{}] })).toBe(0);
});
