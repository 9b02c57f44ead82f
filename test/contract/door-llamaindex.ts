/** The contract's way in through LlamaIndex. */
import { TextNode } from "@llamaindex/core/schema";
import * as llamaindex from "@together-retrieval/llamaindex";
import { MODEL } from "./client.ts";
import { type Door, withClient } from "./door.ts";

export const door: Door = {
  name: "LlamaIndex",
  cannot: { rerankWithSignal: "postprocessNodes has no place for a signal" },
  open: (settings) => {
    const client = withClient(settings);
    const embeddings = new llamaindex.TogetherEmbeddings({ ...client, model: MODEL, ...settings.embed });
    const reranker = new llamaindex.TogetherReranker({ ...client, model: MODEL, ...settings.rerank });
    return {
      embedDocuments: (texts, { signal, onProgress } = {}) => {
        const progressCallback = onProgress && ((done: number, total: number) => onProgress({ done, total }));
        return embeddings.getTextEmbeddingsBatch(texts, {
          ...(signal && { signal }),
          ...(progressCallback && { progressCallback }),
        });
      },
      embedQuery: async (text, call) =>
        (await embeddings.getQueryEmbedding({ type: "text", text }, call)) as number[],
      rerank: async (query, texts) => {
        const nodes = texts.map((text) => ({ node: new TextNode({ text }) }));
        const ranked = await reranker.postprocessNodes(nodes, query);
        return ranked.map(({ node, score }) => ({
          index: nodes.findIndex((given) => given.node === node),
          relevanceScore: score as number,
        }));
      },
    };
  },
};
