import { describe, expect, it } from "vitest";
import type { SearchRequest, Settings } from "../wire.ts";
import { readAddress, writeAddress } from "./settings.ts";

const settings: Settings = {
  service: { kind: "local", url: "http://127.0.0.1:1/v1", answeredBy: "one" },
  embeddingModels: ["one", "two"].map((id) => ({ id, queryPrompt: null, profile: null })),
  rerankModels: ["ranker"],
};

describe("the address", () => {
  it("says nothing of what is as usual", () => {
    expect(writeAddress(readAddress("", settings), settings)).toBe("");
  });

  it("is bare while the first example is asked", () => {
    const request = { ...readAddress("", settings), question: "An example" };
    expect(writeAddress(request, settings, "An example")).toBe("");
    expect(writeAddress(request, settings)).toBe("?q=An+example");
  });

  it("gives back all that was chosen", () => {
    const request: SearchRequest = {
      ...{ question: "how & why?", framework: "llamaindex", embeddingModel: "two", rerankModel: "a/b" },
      ...{ prompt: false, hybrid: true, candidates: 33, topN: 7 },
    };
    expect(readAddress(writeAddress(request, settings), settings)).toEqual(request);
  });

  it.each([
    ["?candidates=0&top=1000", { candidates: 20, topN: 5 }],
    ["?candidates=1.5&top=x", { candidates: 20, topN: 5 }],
    [
      "?with=other&embed=gone&rerank=+",
      { framework: "langchain", embeddingModel: "one", rerankModel: "ranker" },
    ],
  ])("%s is left at the defaults", (search, expected) => {
    expect(readAddress(search, settings)).toMatchObject(expected);
  });
});
