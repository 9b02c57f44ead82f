import { expect, test } from "vitest";
import { TogetherEmbeddings, TogetherReranker } from "./index.ts";

// Saved chains find the classes by these names, even when a minifier has renamed the classes.
test("LangChain's names of the classes are the public ones", () => {
  expect(TogetherEmbeddings.lc_name()).toBe("TogetherEmbeddings");
  expect(TogetherReranker.lc_name()).toBe("TogetherReranker");
});

test("neither is made without options: the model is asked for", () => {
  for (const Class of [TogetherEmbeddings, TogetherReranker])
    expect(() => new Class(undefined as never)).toThrow(TypeError);
});
