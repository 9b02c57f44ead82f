/** What is known of each model: dimensions, token limit, prompts. Nothing here is sent unless the caller's model or `profile` names it. */
import type { Tokenizer } from "./tokenizer.ts";

/** What a model expects and gives. Every member is optional: what is absent is neither applied nor checked. */
export interface ModelProfile {
  /** Length of every vector; an answer of another length is refused. */
  dimensions?: number;
  /** For a model trained for shorter vectors (Matryoshka): the least that the option `dimensions` may be. */
  minDimensions?: number;
  /** The model's limit in tokens, prompt and special tokens counted in. */
  maxTokens?: number;
  /** Prefix of every query. `{task}` in it stands for the call's `task`. */
  queryPrompt?: string;
  /** Prefix of every document. */
  documentPrompt?: string;
  /** Needed by `longInput` other than `"send"`; where it is given, batches are bounded by tokens as well. */
  tokenizer?: Tokenizer;
  /** How many special tokens the model adds to each text. @default 2 */
  specialTokens?: number;
}

/** `[CLS]` and `[SEP]`, or their like: all models of the table add two. */
export const DEFAULT_SPECIAL_TOKENS = 2;

/** The task of an instruct model when the caller names none. Source: model card of intfloat/e5-mistral-7b-instruct. */
export const DEFAULT_TASK = "Given a web search query, retrieve relevant passages that answer the query";

// Source: model cards of BAAI/bge-*-en-v1.5 and WhereIsAI/UAE-Large-V1; mteb's bge_models and uae_models.
const SEARCH_PROMPT = "Represent this sentence for searching relevant passages: ";
// Source: model cards of the two instruct models; mteb's e5_instruct. Plain E5's `query: ` would be wrong here.
const INSTRUCT_PROMPT = "Instruct: {task}\nQuery: ";

/**
 * The embedding models that Together has served, by id. Figures: their model cards.
 * An id that is listed says nothing of what the service offers today.
 */
export const profiles: Readonly<Record<string, Readonly<ModelProfile>>> = {
  "BAAI/bge-large-en-v1.5": { dimensions: 1024, maxTokens: 512, queryPrompt: SEARCH_PROMPT },
  "BAAI/bge-base-en-v1.5": { dimensions: 768, maxTokens: 512, queryPrompt: SEARCH_PROMPT },
  "intfloat/e5-mistral-7b-instruct": {
    dimensions: 4096,
    maxTokens: 32_768,
    queryPrompt: INSTRUCT_PROMPT,
  },
  "intfloat/multilingual-e5-large-instruct": {
    dimensions: 1024,
    maxTokens: 512,
    queryPrompt: INSTRUCT_PROMPT,
  },
  "thenlper/gte-large": { dimensions: 1024, maxTokens: 512 },
  "Alibaba-NLP/gte-modernbert-base": { dimensions: 768, maxTokens: 8192 },
  "WhereIsAI/UAE-Large-V1": { dimensions: 1024, maxTokens: 512, queryPrompt: SEARCH_PROMPT },
  "togethercomputer/m2-bert-80M-2k-retrieval": { dimensions: 768, maxTokens: 2048 },
  "togethercomputer/m2-bert-80M-8k-retrieval": { dimensions: 768, maxTokens: 8192 },
  "togethercomputer/m2-bert-80M-32k-retrieval": { dimensions: 768, maxTokens: 32_768 },
};

/** What is known of a reranker. */
export interface RerankerProfile {
  /** The model's limit in tokens, for one document: what stands behind it does not count. Nothing is cut or checked here. */
  maxTokens: number;
  /** Whether documents may be objects, with `rankFields`; for a model that takes none they are a TypeError. */
  objects: boolean;
}

/** The rerankers that Together has served, by id. Figures: Together's pages of these models. */
export const rerankerProfiles: Readonly<Record<string, Readonly<RerankerProfile>>> = {
  "Salesforce/Llama-Rank-V1": { maxTokens: 8192, objects: true },
  "mixedbread-ai/Mxbai-Rerank-Large-V2": { maxTokens: 32_768, objects: false },
};

/** Whether the model is known to refuse objects. Of an endpoint's name nothing is known. */
export function takesStringsOnly(model: string): boolean {
  return Object.hasOwn(rerankerProfiles, model) && rerankerProfiles[model]?.objects === false;
}

/** The profile that applies to a call: `false` none, an object itself, an id or the model's own id looked up. */
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
