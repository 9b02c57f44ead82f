/** What the checks of more than one option say, and how keys and addresses are read. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { resolveClientOptions, resolveEmbedOptions, resolveRerankOptions, returnedKey } from "./resolve.ts";

beforeEach(() => {
  for (const name of ["TOGETHER_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHER_BASE_URL"]) vi.stubEnv(name, "");
});
afterEach(() => void vi.unstubAllEnvs());

const together = (baseURL?: string) => ({ apiKey: "k-1", post() {}, ...(baseURL && { baseURL }) }) as never;

test.each<[object, string]>([
  [{}, "Expected `apiKey` to be a Together API key, here or in TOGETHER_API_KEY (`false` for"],
  [{}, ", got none"],
  [{ apiKey: " " }, ", got a blank string"],
  [
    { apiKey: "a b" },
    "Expected `apiKey` to be made of printable ASCII characters, without spaces, got others",
  ],
  [
    { together: together("http://h/v1?a=1") },
    "Expected `together` to be a client whose `baseURL` has no query",
  ],
  [{ together: together("http://h/v1?a=1") }, ", got one with a query"],
])("client options %j: %s", (options, words) => {
  expect(() => resolveClientOptions(options)).toThrow(words);
});

test("an official client may have no address that can be seen", () => {
  expect(resolveClientOptions({ together: together() }).apiKey).toBe("k-1");
});

test("a key is read without the spaces around it, given, returned, or in the environment", () => {
  expect(resolveClientOptions({ apiKey: " k-1\n" }).apiKey).toBe("k-1");
  expect(returnedKey(" k-1\n")).toBe("k-1");
  vi.stubEnv("TOGETHER_AI_API_KEY", " k-2 ");
  expect(resolveClientOptions({}).apiKey).toBe("k-2");
  vi.stubGlobal("process", undefined);
  try {
    expect(() => resolveClientOptions({})).toThrow("got none");
    vi.stubGlobal("process", {});
    expect(() => resolveClientOptions({})).toThrow("got none");
  } finally {
    vi.unstubAllGlobals();
  }
});

test.each([
  [" http://h/v1// ", "http://h/v1", ""],
  ["http://h/v1/Embeddings/", "http://h/v1", ""],
  ["http://h/embeddings/v1", "http://h/embeddings/v1", ""],
  ["http://h/rerank?a=1&a=2", "http://h", "?a=1&a=2"],
])("the address %j is %s with the query %j", (baseURL, address, query) => {
  expect(resolveClientOptions({ apiKey: "k-1", baseURL })).toMatchObject({ baseURL: address, query });
});

const model = "test/model";
const tokenizer = { encode: () => [], decode: () => "" };

test.each<[object, string]>([
  [{ longInput: "error" }, 'Expected `profile.tokenizer` to be given for `longInput: "error"`, got none'],
  [
    { longInput: "average", profile: { tokenizer } },
    'Expected `profile.maxTokens` to be given for `longInput: "average"`, got none',
  ],
  [{ dimensions: 5 }, "Expected `dimensions` to be left out for a model that is not known to be trained"],
  [{ dimensions: 5, profile: { minDimensions: 8 } }, "an integer from 8 up for this profile, got `5`"],
  [
    { dimensions: 17, profile: { minDimensions: 8, dimensions: 16 } },
    "an integer from 8 to 16 for this profile, got `17`",
  ],
  [{ task: "t", profile: { queryPrompt: "no place: " } }, "Expected `task` to be given only with a profile"],
  [{ profile: 7 }, "an object, or `false`, got `7`: known are "],
  [{ profile: "7" }, 'an object, or `false`, got `"7"`: known are '],
  [{ profile: "7" }, "-v1.5, "],
  [{ profile: ["BAAI/bge-base-en-v1.5"] }, "an object, or `false`, got an array: known are "],
  [{ profile: "BAAI/bge-base-en-v1.6" }, '`false`, got `"BAAI/bge-base-en-v1.6"`: did you mean '],
])("embed options %j: %s", (options, words) => {
  expect(() => resolveEmbedOptions({ model, ...options })).toThrow(words);
});

test.each([8, 16])("the bounds of `dimensions` fit: %i", (dimensions) => {
  const profile = { minDimensions: 8, dimensions: 16 };
  expect(resolveEmbedOptions({ model, dimensions, profile })).toMatchObject({ dimensions });
});

test("fields are ranked only by a model that takes objects", () => {
  const options = { model: "mixedbread-ai/Mxbai-Rerank-Large-V2", rankFields: ["a"] };
  expect(() => resolveRerankOptions(options)).toThrow(
    "Expected `rankFields` to be left out for mixedbread-ai/Mxbai-Rerank-Large-V2, which takes strings only, got an array",
  );
  expect(resolveRerankOptions({ ...options, model })).toMatchObject({ rankFields: ["a"] });
});
