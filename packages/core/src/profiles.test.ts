/** Which profile counts, and the prompt that it gives. */
import { describe, expect, test } from "vitest";
import {
  DEFAULT_TASK,
  findProfile,
  profiles,
  promptOf,
  rerankerProfiles,
  takesStringsOnly,
} from "./profiles.ts";

const bge = "BAAI/bge-base-en-v1.5";

describe("the profile of a call", () => {
  test("is the model's own, another model's, an object's, or none", () => {
    const own = { dimensions: 3 };
    expect(findProfile(bge, undefined)).toBe(profiles[bge]);
    expect(findProfile("my/endpoint", bge)).toBe(profiles[bge]);
    expect(findProfile("intfloat/e5-base-v2", bge)).toBe(profiles[bge]);
    expect(findProfile(bge, own)).toBe(own);
    expect(findProfile(bge, false)).toEqual({});
  });

  test.each(["my/endpoint", "toString", "__proto__", "constructor"])("is empty for the model %s", (model) => {
    expect(findProfile(model, undefined)).toEqual({});
  });
});

describe("a prompt", () => {
  test("is the one of its kind, and none where the profile has none", () => {
    const profile = { queryPrompt: "q: ", documentPrompt: "d: " };
    expect(promptOf(profile, "query")).toBe("q: ");
    expect(promptOf(profile, "document")).toBe("d: ");
    expect(promptOf({}, "query") + promptOf({}, "document")).toBe("");
  });

  test("names the task wherever it stands, as written, or the default one", () => {
    const profile = { queryPrompt: "{task}|{task}" };
    expect(promptOf(profile, "query", "$& costs $1")).toBe("$& costs $1|$& costs $1");
    expect(promptOf(profile, "query")).toBe(`${DEFAULT_TASK}|${DEFAULT_TASK}`);
  });

  test("of Qwen3 ends in a colon, that of E5 in a space", () => {
    const promptFor = (id: string) => promptOf(findProfile(id, undefined), "query", "T");
    expect(promptFor("Qwen/Qwen3-Embedding-0.6B")).toBe("Instruct: T\nQuery:");
    expect(promptFor("intfloat/multilingual-e5-large-instruct")).toBe("Instruct: T\nQuery: ");
  });
});

test.each(Object.entries(profiles))("the profile of %s fits together", (_, profile) => {
  const { dimensions = 0, minDimensions = dimensions, maxTokens } = profile;
  expect(minDimensions).toBeGreaterThan(0);
  expect(minDimensions).toBeLessThanOrEqual(dimensions);
  expect(maxTokens).toBeGreaterThanOrEqual(256);
});

test("a reranker takes objects unless it is known to refuse them", () => {
  const taken = Object.keys(rerankerProfiles).filter((id) => !takesStringsOnly(id));
  expect(taken).toEqual(["Salesforce/Llama-Rank-V1"]);
  expect(["my/endpoint", "toString", "__proto__"].some(takesStringsOnly)).toBe(false);
});
