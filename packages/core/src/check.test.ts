/** What a refusal says of a value, and where the bounds of the checks lie. */
import { describe, expect, test } from "vitest";
import { check, checkOptions, describeType, describeValue } from "./check.ts";

test.each<[unknown, string]>([
  ["short", '`"short"`'],
  ["x".repeat(41), `\`"${"x".repeat(40)}"\``],
  ["x".repeat(40), `\`"${"x".repeat(40)}"\``],
  ['a "quoted"\nline', '`"a \\"quoted\\"\\nline"`'],
  [7, "`7`"],
  [Number.NaN, "`NaN`"],
  [7n, "`7`"],
  [false, "`false`"],
  [null, "`null`"],
  [undefined, "`undefined`"],
  [[1], "an array"],
  [{}, "an object"],
  [() => 1, "a function"],
  [Symbol("s"), "a symbol"],
  [Promise.resolve(), "a promise: is an `await` missing?"],
])("%s is described in a few words", (value, words) => {
  expect(describeValue(value)).toBe(words);
});

test("the content of what may be secret is not described, only its type", () => {
  expect(describeType("secret")).toBe("a string");
  expect(describeType(7)).toBe("a number");
  expect(() => check.url("baseURL", "secret")).toThrow(
    /got a string without `http:\/\/` or `https:\/\/` in front$/,
  );
  expect(() => check.url("baseURL", "see http://host")).toThrow(/without `http:\/\/` or .* in front$/);
  expect(() => check.url("baseURL", "http://me:secret@host")).toThrow(/got another one$/);
  expect(() => check.url("baseURL", " http://me:secret@host")).toThrow(/got another one$/);
  expect(() => check.url("baseURL", new URL("http://host"))).toThrow(/got an object$/);
  expect(() => check.names("rankFields", "secret")).toThrow(/got a string$/);
  expect(() => check.headers("headers", { a: "sec\nret" })).toThrow(/got an object$/);
  expect(() => check.string("queryPrompt", ["secret"])).toThrow(/got an array$/);
});

test("one of some strings is named with all of them", () => {
  expect(() => check.oneOf("a", "b")("x", "a")).not.toThrow();
  expect(() => check.oneOf("a", "b")("x", "c")).toThrow('Expected `x` to be one of "a", "b", got `"c"`');
});

describe("an integer", () => {
  test.each([1, 5, 10, undefined])("within its bounds passes through options: %s", (value) => {
    expect(() => checkOptions("options", { n: value }, { n: check.integer(1, 10) })).not.toThrow();
  });

  test.each([0, 11, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5", 5n, null])(
    "outside of its bounds, or none, is refused: %s",
    (value) => {
      expect(() => check.integer(1, 10)("n", value)).toThrow(
        /^Expected `n` to be an integer from 1 to 10, got `/,
      );
    },
  );

  test("without an upper bound goes as far as integers are exact", () => {
    expect(() => check.integer(0)("n", Number.MAX_SAFE_INTEGER)).not.toThrow();
    expect(() => check.integer(0)("n", 2 ** 53)).toThrow(/an integer from 0 up/);
  });
});

test.each([
  ["http://h/v1", true],
  ["https://h", true],
  ["ftp://h", false],
  ["xhttp://h", false],
  ["http://user@h", false],
  ["http://:password@h", false],
  ["http://h/#part", false],
  ["h/v1", false],
  ["", false],
])("the address %s is taken: %s", (url, taken) => {
  const refused = () => check.url("baseURL", url);
  if (taken) expect(refused).not.toThrow();
  else expect(refused).toThrow(/^Expected `baseURL` to be an http or https URL/);
});

test.each<[keyof typeof check & ("name" | "names" | "number" | "boolean" | "headers"), unknown, unknown[]]>([
  ["name", " a ", ["", "  ", 7, null]],
  ["names", ["a", "b"], [[], ["a", " "], "a", [1], {}]],
  ["number", -0.5, [Number.NaN, Number.NEGATIVE_INFINITY, "1", 1n]],
  ["boolean", false, [0, "true", null]],
  ["headers", { "x-a": "b" }, [[], { a: 1 }, { "a b": "c" }, null, "a: b"]],
])("the check `%s` takes what fits and refuses what does not", (name, fits, others) => {
  expect(() => check[name]("option", fits)).not.toThrow();
  for (const other of others) expect(() => check[name]("option", other)).toThrow(TypeError);
});

test("an object needs every method that is used of it", () => {
  const whole = { encode() {}, decode() {} };
  expect(() => check.tokenizer("tokenizer", whole)).not.toThrow();
  for (const part of [{ encode() {} }, { decode() {} }, { encode: 1, decode() {} }, [], null, () => {}]) {
    expect(() => check.tokenizer("tokenizer", part)).toThrow(/an object with `encode` and `decode`/);
  }
});

test("an option that only the prototype of the checks has is unknown", () => {
  expect(() => checkOptions("options", { toString: 1 }, { model: check.name })).toThrow(
    /^Unknown option `toString`: expected one of model/,
  );
});
