/** What is known about each model: dimensions, token limit, prompts. A profile counts only if the caller's `model` or `profile` names it. */
import type { Tokenizer } from "./tokenizer.ts";

/** What a model expects and returns. Every member is optional: an absent one is neither applied nor checked. */
export interface ModelProfile {
  /** The length of every vector. An answer with another length is refused. */
  dimensions?: number;
  /** For a model trained for shorter vectors (Matryoshka): the least that the option `dimensions` may be. */
  minDimensions?: number;
  /** The model's limit in tokens, which includes the prompt and the special tokens. */
  maxTokens?: number;
  /** Prefix of every query. `{task}` in it stands for the call's `task`. */
  queryPrompt?: string;
  /** Prefix of every document. */
  documentPrompt?: string;
  /** Required for every `longInput` but `"send"`. With a tokenizer, batches are limited by tokens too. */
  tokenizer?: Tokenizer;
  /** How many special tokens the model adds to each text. @default 2 */
  specialTokens?: number;
}

/** All models of the table add two special tokens, such as `[CLS]` and `[SEP]`. */
export const DEFAULT_SPECIAL_TOKENS = 2;

/** The task of an instruct model when the caller names none. Source: model card of intfloat/e5-mistral-7b-instruct. */
export const DEFAULT_TASK = "Given a web search query, retrieve relevant passages that answer the query";

// Source: model cards of BAAI/bge-*-en-v1.5, WhereIsAI/UAE-Large-V1 and mixedbread-ai/mxbai-embed-large-v1.
const SEARCH = "Represent this sentence for searching relevant passages: ";
// Source: model cards of the two E5 instruct models. Plain E5's `query: ` would be wrong there.
const INSTRUCT = "Instruct: {task}\nQuery: ";
// Source: model cards of Qwen/Qwen3-Embedding-*: no space behind the colon.
const QWEN = { maxTokens: 32_768, minDimensions: 32, queryPrompt: "Instruct: {task}\nQuery:" };
// Source: model cards of the E5 models without instructions.
const E5 = { maxTokens: 512, queryPrompt: "query: ", documentPrompt: "passage: " };
// Source: model cards of Snowflake/snowflake-arctic-embed-*-v2.0.
const ARCTIC = { maxTokens: 8192, minDimensions: 256, queryPrompt: "query: " };
// Source: model cards of nomic-ai/nomic-embed-text-*.
const NOMIC = { dimensions: 768, queryPrompt: "search_query: ", documentPrompt: "search_document: " };

const known = {
  "Alibaba-NLP/gte-modernbert-base": { dimensions: 768, maxTokens: 8192 },
  "BAAI/bge-base-en-v1.5": { dimensions: 768, maxTokens: 512, queryPrompt: SEARCH },
  "BAAI/bge-large-en-v1.5": { dimensions: 1024, maxTokens: 512, queryPrompt: SEARCH },
  "BAAI/bge-m3": { dimensions: 1024, maxTokens: 8192 },
  "BAAI/bge-small-en-v1.5": { dimensions: 384, maxTokens: 512, queryPrompt: SEARCH },
  "Qwen/Qwen3-Embedding-0.6B": { dimensions: 1024, ...QWEN },
  "Qwen/Qwen3-Embedding-4B": { dimensions: 2560, ...QWEN },
  "Qwen/Qwen3-Embedding-8B": { dimensions: 4096, ...QWEN },
  "Snowflake/snowflake-arctic-embed-l-v2.0": { dimensions: 1024, ...ARCTIC },
  "Snowflake/snowflake-arctic-embed-m-v2.0": { dimensions: 768, ...ARCTIC },
  "WhereIsAI/UAE-Large-V1": { dimensions: 1024, maxTokens: 512, queryPrompt: SEARCH },
  "google/embeddinggemma-300m": {
    ...{ dimensions: 768, minDimensions: 128, maxTokens: 2048 },
    ...{ queryPrompt: "task: search result | query: ", documentPrompt: "title: none | text: " },
  },
  "intfloat/e5-base-v2": { dimensions: 768, ...E5 },
  "intfloat/e5-large-v2": { dimensions: 1024, ...E5 },
  "intfloat/e5-mistral-7b-instruct": { dimensions: 4096, maxTokens: 32_768, queryPrompt: INSTRUCT },
  "intfloat/e5-small-v2": { dimensions: 384, ...E5 },
  "intfloat/multilingual-e5-base": { dimensions: 768, ...E5 },
  "intfloat/multilingual-e5-large": { dimensions: 1024, ...E5 },
  "intfloat/multilingual-e5-large-instruct": { dimensions: 1024, maxTokens: 512, queryPrompt: INSTRUCT },
  "intfloat/multilingual-e5-small": { dimensions: 384, ...E5 },
  "jinaai/jina-embeddings-v3": {
    ...{ dimensions: 1024, minDimensions: 32, maxTokens: 8192 },
    queryPrompt: "Represent the query for retrieving evidence documents: ",
    documentPrompt: "Represent the document for retrieval: ",
  },
  "jinaai/jina-embeddings-v4": {
    ...{ dimensions: 2048, minDimensions: 128, maxTokens: 32_768 },
    ...{ queryPrompt: "Query: ", documentPrompt: "Passage: " },
  },
  // Of its sibling `nano`, sources give different token limits.
  "jinaai/jina-embeddings-v5-text-small": {
    ...{ dimensions: 1024, minDimensions: 32, maxTokens: 32_768 },
    ...{ queryPrompt: "Query: ", documentPrompt: "Document: " },
  },
  // Trained for shorter vectors; 512 is the least that its card shows, and none is named as the least.
  "mixedbread-ai/mxbai-embed-large-v1": {
    ...{ dimensions: 1024, minDimensions: 512, maxTokens: 512, queryPrompt: SEARCH },
  },
  // No `minDimensions`: this model applies a layer norm before the cut, which only its server can do.
  "nomic-ai/nomic-embed-text-v1.5": { maxTokens: 8192, ...NOMIC },
  "nomic-ai/nomic-embed-text-v2-moe": { maxTokens: 512, minDimensions: 256, ...NOMIC },
  "sentence-transformers/all-MiniLM-L6-v2": { dimensions: 384, maxTokens: 256 },
  "thenlper/gte-large": { dimensions: 1024, maxTokens: 512 },
  "togethercomputer/m2-bert-80M-2k-retrieval": { dimensions: 768, maxTokens: 2048 },
  "togethercomputer/m2-bert-80M-32k-retrieval": { dimensions: 768, maxTokens: 32_768 },
  "togethercomputer/m2-bert-80M-8k-retrieval": { dimensions: 768, maxTokens: 8192 },
};

/** A model id. Editors complete the known ids, and any other string is allowed. */
export type KnownModel = keyof typeof known;

/**
 * Embedding models that Together has served or that people serve themselves, by id. The figures come from their model cards
 * and from mteb's `model_implementations`. An entry does not mean that a service offers the model today.
 */
export const profiles: Readonly<Record<string, Readonly<ModelProfile>>> = known;

/** What is known about a reranker. */
export interface RerankerProfile {
  /** The model's limit in tokens for one document. The model ignores what is beyond it; nothing is cut or checked here. */
  maxTokens: number;
  /** Whether documents may be objects (see `rankFields`). If not, an object is a TypeError. */
  objects: boolean;
}

const knownRerankers = {
  "Salesforce/Llama-Rank-V1": { maxTokens: 8192, objects: true },
  "mixedbread-ai/Mxbai-Rerank-Large-V2": { maxTokens: 32_768, objects: false },
};

/** The id of a reranker that an editor completes; any other string is taken as well. */
export type KnownReranker = keyof typeof knownRerankers;

/** The rerankers that Together has served, by id. Figures: Together's pages of these models. */
export const rerankerProfiles: Readonly<Record<string, Readonly<RerankerProfile>>> = knownRerankers;

/** Whether the model is known to refuse objects. About the name of an endpoint nothing is known. */
export function takesStringsOnly(model: string): boolean {
  return Object.hasOwn(rerankerProfiles, model) && rerankerProfiles[model]?.objects === false;
}

/** The profile of a call: none for `false`, an object as it is, else the entry of the given id or of the model. */
export function findProfile(model: string, profile: string | ModelProfile | false | undefined): ModelProfile {
  if (profile === false) return {};
  if (typeof profile === "object") return profile;
  const id = profile ?? model;
  return Object.hasOwn(profiles, id) ? (profiles[id] as ModelProfile) : {};
}

/** The prefix for texts of this kind; empty when the model wants none. */
export function promptOf(
  profile: ModelProfile,
  inputType: "document" | "query",
  task: string = DEFAULT_TASK,
): string {
  const prompt = inputType === "query" ? profile.queryPrompt : profile.documentPrompt;
  return (prompt ?? "").replaceAll("{task}", () => task);
}
