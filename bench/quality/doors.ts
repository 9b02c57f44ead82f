/** documents -> an index that finds and reranks them: through LangChain, through LlamaIndex, and by hand */
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Document } from "@langchain/core/documents";
import { TextNode } from "@llamaindex/core/schema";
import { type ModelProfile, TogetherClient } from "@together-retrieval/core";
import * as langchain from "@together-retrieval/langchain";
import * as llamaindex from "@together-retrieval/llamaindex";
import { Settings, VectorStoreIndex } from "llamaindex";
import type { Text } from "./found.ts";
import { type Api, ask } from "./keeper.ts";

export interface DoorOptions {
  api: Api;
  model: string;
  reranker: string;
  profile?: ModelProfile;
  longInput?: "send" | "truncate" | "average";
}

export interface Index {
  /** Ids of the nearest documents, best first. */
  search(query: string, limit: number): Promise<string[]>;
  /** The same documents, best first. */
  rerank(query: string, ids: readonly string[]): Promise<string[]>;
}

export interface Door {
  name: string;
  open(documents: readonly Text[], options: DoorOptions): Promise<Index>;
}

export const langChain: Door = {
  name: "LangChain",
  async open(documents, { api, model, reranker, ...embed }) {
    const client = new TogetherClient({ baseURL: api.url, apiKey: api.apiKey, timeoutMs: 600_000 });
    const embeddings = new langchain.TogetherEmbeddings({ client, model, ...embed });
    const ranker = new langchain.TogetherReranker({ client, model: reranker });
    const all = documents.map(({ id, text }) => new Document({ id, pageContent: text }));
    const byId = new Map(all.map((document) => [document.id, document]));
    const store = await MemoryVectorStore.fromDocuments(all, embeddings);
    const ids = (found: Document[]) => found.map(({ id = "" }) => id);
    return {
      search: async (query, limit) => ids(await store.similaritySearch(query, limit)),
      rerank: async (query, candidates) =>
        ids(
          await ranker.compressDocuments(
            candidates.map((id) => byId.get(id) as Document),
            query,
          ),
        ),
    };
  },
};

export const llamaIndex: Door = {
  name: "LlamaIndex",
  async open(documents, { api, model, reranker, ...embed }) {
    const client = new TogetherClient({ baseURL: api.url, apiKey: api.apiKey, timeoutMs: 600_000 });
    const embedModel = new llamaindex.TogetherEmbeddings({ client, model, ...embed });
    const ranker = new llamaindex.TogetherReranker({ client, model: reranker });
    const nodes = documents.map(({ id, text }) => new TextNode({ id_: id, text }));
    const byId = new Map(nodes.map((node) => [node.id_, node]));
    // The index reads its model from here, when it is built and for every query.
    Settings.embedModel = embedModel;
    const index = await VectorStoreIndex.init({ nodes });
    return {
      search: async (query, limit) => {
        const found = await index.asRetriever({ similarityTopK: limit }).retrieve({ query });
        return found.map(({ node }) => node.id_);
      },
      rerank: async (query, candidates) => {
        const given = candidates.map((id) => ({ node: byId.get(id) as TextNode }));
        return (await ranker.postprocessNodes(given, query)).map(({ node }) => node.id_);
      },
    };
  },
};

/** The reference for the other two: plain requests, cosines and sorting, without code of this project. Texts are sent unchanged. */
export const byHand: Door = {
  name: "by hand",
  async open(documents, { api, model, reranker }) {
    const embed = async (text: string): Promise<number[]> => {
      const { data } = await ask(api, "/embeddings", { model, input: [text] });
      return data[0].embedding;
    };
    const texts = new Map(documents.map(({ id, text }) => [id, text]));
    const vectors: [string, number[]][] = [];
    for (const { id, text } of documents) vectors.push([id, await embed(text)]);
    return {
      search: async (query, limit) => {
        const asked = await embed(query);
        const scored = vectors.map(([id, vector]) => ({ id, score: cosine(asked, vector) }));
        scored.sort((a, b) => b.score - a.score);
        return scored.slice(0, limit).map(({ id }) => id);
      },
      rerank: async (query, ids) => {
        const scored: { id: string; score: number }[] = [];
        for (const id of ids) {
          const body = { model: reranker, query, documents: [texts.get(id)] };
          const { results } = await ask(api, "/rerank", body);
          scored.push({ id, score: results[0].relevance_score });
        }
        return scored.sort((a, b) => b.score - a.score).map(({ id }) => id);
      },
    };
  },
};

function cosine(a: readonly number[], b: readonly number[]): number {
  let [dot, squaresA, squaresB] = [0, 0, 0];
  for (const [at, x] of a.entries()) {
    const y = b[at] ?? 0;
    dot += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return dot / Math.sqrt(squaresA * squaresB);
}
