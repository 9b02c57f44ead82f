/** One shape for every way in: the core, LangChain, LlamaIndex. What holds for all is written once and run through each. */
import { Document } from "@langchain/core/documents";
import { TextNode } from "@llamaindex/core/schema";
import { TogetherClient, type TogetherClientOptions } from "@together-retrieval/core";
import type { EmbedDefaults, RerankDefaults } from "@together-retrieval/core/adapter";
import * as langchain from "@together-retrieval/langchain";
import * as llamaindex from "@together-retrieval/llamaindex";
import { KEY, MODEL } from "./client.ts";

/** What a door is opened with, each group as its user would write it. */
export interface Settings {
  baseURL?: string;
  client?: Omit<TogetherClientOptions, "baseURL">;
  /** A ready client, shared with other doors. */
  shared?: TogetherClient;
  embed?: Partial<EmbedDefaults>;
  rerank?: Partial<RerankDefaults>;
}

export interface Call {
  signal?: AbortSignal;
  onProgress?: (progress: { done: number; total: number }) => void;
}

export interface Ranked {
  index: number;
  relevanceScore: number;
}

export interface OpenDoor {
  embedDocuments(texts: string[], call?: Call): Promise<number[][]>;
  embedQuery(text: string, call?: { signal?: AbortSignal }): Promise<number[]>;
  rerank(query: string, documents: string[], call?: { signal?: AbortSignal }): Promise<Ranked[]>;
}

export interface Door {
  name: string;
  /** What its host has no way to ask for. */
  cannot: { rerankWithSignal?: string };
  open(settings: Settings): OpenDoor;
}

function withClient({ baseURL, client, shared }: Settings) {
  return shared ? { client: shared } : { apiKey: KEY, baseURL, ...client };
}

const core: Door = {
  name: "core",
  cannot: {},
  open: (settings) => {
    const client =
      settings.shared ?? new TogetherClient({ apiKey: KEY, baseURL: settings.baseURL, ...settings.client });
    const embed = { model: MODEL, ...settings.embed };
    const rerank = { model: MODEL, ...settings.rerank };
    return {
      embedDocuments: (texts, call) => client.embed(texts, { ...embed, ...call }),
      embedQuery: async (text, call) => {
        const [vector] = await client.embed([text], { ...embed, ...call, inputType: "query" });
        return vector as number[];
      },
      rerank: (query, documents, call) => client.rerank(query, documents, { ...rerank, ...call }),
    };
  },
};

const langChain: Door = {
  name: "LangChain",
  cannot: {},
  open: (settings) => {
    const client = withClient(settings);
    const embeddings = new langchain.TogetherEmbeddings({ ...client, model: MODEL, ...settings.embed });
    const reranker = new langchain.TogetherReranker({ ...client, model: MODEL, ...settings.rerank });
    return {
      embedDocuments: (texts, call) => embeddings.embedDocuments(texts, call),
      embedQuery: (text, call) => embeddings.embedQuery(text, call),
      rerank: async (query, texts, call) => {
        const documents = texts.map(
          (pageContent, index) => new Document({ pageContent, metadata: { index } }),
        );
        const ranked = await reranker.compressDocuments(documents, query, undefined, call);
        return ranked.map(({ metadata }) => metadata as unknown as Ranked);
      },
    };
  },
};

const llamaIndex: Door = {
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

/** `DOORS=core` leaves the others out: `npm run mutation` of the core alone then takes a third of the time. */
const wanted = process.env.DOORS?.split(",");

export const doors: Door[] = [core, langChain, llamaIndex].filter(
  ({ name }) => wanted?.includes(name) ?? true,
);
