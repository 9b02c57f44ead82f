/** Documents that cannot be sent, each with what the error expects instead. */

import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { clientOf, MODEL } from "./client.ts";

describe("documents to rank", () => {
  it.for<[string, unknown[], RegExp]>([
    ["the first of them", [7], /`documents\[0\]` to be a string, or all to be objects/],
    ["the first, where fields are named", ["title"], /`documents\[0\]` to be an object/],
    ["a string among objects", [{ title: "a" }, "b"], /`documents\[1\]` to be an object/],
    ["an object among strings", ["a", { title: "b" }], /`documents\[1\]` to be a string/],
  ])("that do not fit are named: %s", async ([name, documents, words], { server }) => {
    const rankFields = name.includes("fields") ? ["title"] : undefined;
    const ranked = clientOf(server).rerank("q", documents as string[], { model: MODEL, rankFields });
    await expect(ranked).rejects.toThrow(TypeError);
    await expect(ranked).rejects.toThrow(words);
    expect(server.requests).toHaveLength(0);
  });
});
