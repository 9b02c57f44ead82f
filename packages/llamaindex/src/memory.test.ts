/** Both classes in LlamaIndex's VectorMemoryBlock. */
import { VectorMemoryBlock } from "@llamaindex/core/memory";
import type { BaseNode } from "@llamaindex/core/schema";
import type { VectorStoreQuery } from "@llamaindex/core/vector-store";
import { it } from "@together-retrieval/test-server/fixture";
import { SimpleVectorStore } from "llamaindex";
import { describe, expect } from "vitest";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "./index.ts";

/** A store that keeps its nodes, as this memory requires. */
class KeepingStore extends SimpleVectorStore {
  override storesText = true;
  readonly #kept = new Map<string, BaseNode>();

  override async add(nodes: BaseNode[]) {
    for (const node of nodes) this.#kept.set(node.id_, node);
    return super.add(nodes);
  }

  override async query(query: VectorStoreQuery) {
    // SimpleVectorStore can filter only nodes that come from a document.
    const result = await super.query({ ...query, filters: undefined });
    return { ...result, nodes: result.ids.map((id) => this.#kept.get(id) as BaseNode) };
  }
}

const said = (content: string) => [{ id: content, role: "user" as const, content }];

describe("a VectorMemoryBlock", () => {
  it("recalls what the reranker puts first; it embeds its queries as documents", async ({ server }) => {
    const client = new TogetherClient({ apiKey: "test-key", baseURL: server.baseURL });
    const profile = { queryPrompt: "query: ", documentPrompt: "passage: " };
    const embedModel = new TogetherEmbeddings({ client, model: "test/model", profile });
    const block = new VectorMemoryBlock({
      priority: 1,
      vectorStore: new KeepingStore({ embedModel }),
      nodePostprocessors: [new TogetherReranker({ client, model: "test/reranker", topN: 1 })],
    });
    for (const content of ["score:0.1", "score:0.9"]) await block.put(said(content));
    const [memory] = await block.get(said("which?"));
    expect(memory?.content).toContain("score:0.9");
    expect(memory?.content).not.toContain("score:0.1");
    const embedded = server.requests.filter(({ path }) => path.endsWith("/embeddings"));
    expect(embedded.map(({ inputs }) => inputs).at(-1)).toEqual(["passage: which?"]);
  });
});
