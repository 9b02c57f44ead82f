/** What the page and its server say to each other. */

export type Framework = "langchain" | "llamaindex";

/** `GET /api/settings`: what there is to choose from. */
export interface Settings {
  service: ServiceInfo;
  embeddingModels: EmbeddingModel[];
  /** Suggestions: any other id may be asked for. */
  rerankModels: string[];
}

export interface ServiceInfo {
  kind: "local" | "live";
  /** The base URL of the API that embeds and ranks. */
  url: string;
  /** The one model that answers under every name; `null` where each name is its own model. */
  answeredBy: string | null;
}

export interface EmbeddingModel {
  id: string;
  /** What stands before a question for this model; `null` when it wants nothing there. */
  queryPrompt: string | null;
  /** The known model whose profile is used, when it is not the model's own id. */
  profile: string | null;
}

/** `GET /api/events`, one event at each change: how far each embedding model's index is. */
export type IndexStates = Record<string, IndexState>;

export type IndexState =
  | { state: "absent" }
  /** `share`: of the documents, from 0 to 1. */
  | { state: "building"; passages: number; share: number }
  /** `examples`: questions to begin with. */
  | { state: "ready"; files: number; passages: number; examples: string[] }
  | { state: "failed"; message: string };

/** `POST /api/search`. */
export interface SearchRequest {
  question: string;
  framework: Framework;
  embeddingModel: string;
  rerankModel: string;
  /** Whether the model's query prompt stands before the question. */
  prompt: boolean;
  /** Whether passages are found by their words too, and both lists fused. */
  hybrid: boolean;
  /** How many passages are fetched. */
  candidates: number;
  /** How many of them are kept after reranking. */
  topN: number;
}

export const limits = { candidates: { min: 1, max: 100 }, topN: { min: 1, max: 50 } } as const;

/** A passage and its score: the cosine before reranking, the reranker's after it. */
export interface Hit {
  id: string;
  /** File and lines. */
  source: string;
  text: string;
  score: number;
  /** Of a hybrid search: the places in both lists, from 1; null where it is not in one. */
  ranks?: { vector: number | null; words: number | null };
}

export type Step = "embed" | "search" | "rerank";

/** What a step took. */
export interface Cost {
  ms: number;
  /** Prompt tokens, as far as the API tells them. */
  tokens: number;
  /** Attempts, repetitions counted in. */
  requests: number;
  retries: number;
}

/** The answer to `POST /api/search`: one JSON value a line, as each is known. */
export type SearchEvent =
  | { kind: "retry"; step: Step; attempt: number; waitMs: number; message: string }
  | { kind: "candidates"; hits: Hit[]; questionVector: number[]; embed: Cost; search: Cost }
  | { kind: "ranking"; hits: Hit[]; rerank: Cost }
  | Failure;

export interface Failure {
  kind: "error";
  step: Step;
  message: string;
  /** The API's status and code, when it was the API that refused. */
  status: number | null;
  code: string | null;
}

/** `GET /api/points`: the passages of the map, in the order of the rows of `GET /api/vectors`. */
export interface Points {
  ids: string[];
  sources: string[];
  /** The passages' first words. */
  excerpts: string[];
  dimensions: number;
}
