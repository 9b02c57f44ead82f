import { expect, test } from "vitest";
import { TogetherEmbeddings, TogetherReranker } from "./index.ts";

// The classes are found by these names in what was saved, also after a minifier has given them others.
test("LangChain's names of the classes are the public ones", () => {
  expect(TogetherEmbeddings.lc_name()).toBe("TogetherEmbeddings");
  expect(TogetherReranker.lc_name()).toBe("TogetherReranker");
});

test("neither is made without options: the model is asked for", () => {
  for (const Class of [TogetherEmbeddings, TogetherReranker])
    expect(() => new Class(undefined as never)).toThrow(TypeError);
});
