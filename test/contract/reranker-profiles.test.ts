/** A reranker's profile prevents requests that could only fail. */
import { Document } from "@langchain/core/documents";
import * as langchain from "@together-retrieval/langchain";
import * as llamaindex from "@together-retrieval/llamaindex";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { clientOf, KEY } from "./client.ts";

const stringsOnly = "mixedbread-ai/Mxbai-Rerank-Large-V2";
const objects = [{ title: "a", text: "b" }, { title: "c" }];

describe("a reranker that takes strings only", () => {
  it("gets no objects: a TypeError says so, and nothing is sent", async ({ server }) => {
    const ranking = clientOf(server).rerank("query", objects, { model: stringsOnly });
    await expect(ranking).rejects.toThrow(TypeError);
    await expect(ranking).rejects.toThrow(/`documents` .* strings, .*Mxbai.* got objects/);
    expect(server.requests).toHaveLength(0);
    expect(await clientOf(server).rerank("query", ["a", "b"], { model: stringsOnly })).toHaveLength(2);
  });

  it("gets no `rankFields`, and both adapters say so when they are made", async ({ server }) => {
    const options = { model: stringsOnly, rankFields: ["title"] };
    const adapter = { ...options, apiKey: KEY, baseURL: server.baseURL };
    expect(() => new langchain.TogetherReranker(adapter)).toThrow(/`rankFields` .*strings only/);
    expect(() => new llamaindex.TogetherReranker(adapter)).toThrow(/`rankFields` .*strings only/);
    const ranking = clientOf(server).rerank("query", ["a"], options);
    await expect(ranking).rejects.toThrow(/`rankFields` .*strings only/);
  });

  it("gets LangChain's documents as their text", async ({ server }) => {
    const reranker = new langchain.TogetherReranker({
      model: stringsOnly,
      apiKey: KEY,
      baseURL: server.baseURL,
    });
    await reranker.compressDocuments(
      [new Document({ pageContent: "text", metadata: { title: "t" } })],
      "query",
    );
    expect(server.requests[0]?.body.documents).toEqual(["text"]);
  });
});

describe("any other reranker", () => {
  it.for(["Salesforce/Llama-Rank-V1", "my-project/my-endpoint", "constructor"])(
    "gets objects and fields: %s",
    async (model, { server }) => {
      const ranked = await clientOf(server).rerank("query", objects, { model, rankFields: ["title"] });
      expect(ranked).toHaveLength(2);
      expect(server.requests[0]?.body).toMatchObject({ documents: objects, rank_fields: ["title"] });
    },
  );
});
