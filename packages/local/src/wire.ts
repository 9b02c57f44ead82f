/** What differs from server to server: paths, members, limits, answers and errors. */
import type { RefusalDetails } from "./refusal.ts";

/** Whose answers the server gives. */
export type WireName =
  | "together"
  | "tei"
  | "vllm"
  | "infinity"
  | "llama.cpp"
  | "litellm"
  | "sglang"
  | "voyage";

/** One document and its score, best first. */
export interface Ranked {
  index: number;
  score: number;
  text: string;
}

export interface Ranking {
  id: string;
  model: string;
  results: Ranked[];
  tokens: number;
  /** Whether the request asked for the documents' texts. */
  withTexts: boolean;
}

/** What is wrong with a request, with the path and the id that some servers' words depend on. */
export interface Fault extends RefusalDetails {
  id: string;
  path: string;
  status: number;
  message: string;
}

export interface Wire {
  /** What a client's base URL ends in. */
  base: "" | "/v1";
  embeddings: string[];
  rerank: string[];
  /** Of `embeddings`, the path that answers with a bare array of vectors in lists. */
  nestedAt?: string;
  /** Whether some key must be sent even when none was set. */
  needsKey?: boolean;
  /** Whether every unknown member is refused; else only those in `refused` are. */
  strict?: boolean;
  refused?: string[];
  modelOptional?: boolean;
  /** Members of a ranking's request that have another name. */
  members?: { documents?: string; top_n?: string };
  maxItems?: number;
  /** @default 10 MB */
  maxBodyBytes?: number;
  /** The status for a text above the model's limit; without one, texts are cut. */
  tooLong?: number;
  /** Whether floats are sent when base64 was asked for. */
  onlyFloats?: boolean;
  /** Whether scores are logits rather than from 0 to 1. */
  logits?: boolean;
  /** The header with the request's id. */
  requestId?: string;
  /** The status of a refusal by its reason, where it differs from Together's. */
  status?: Partial<Record<NonNullable<RefusalDetails["reason"]>, number>>;
  /** The words of a refusal by its reason, where clients read them. */
  words?: {
    items?: (count: number, most: number) => string;
    long?: (tokens: number, most: number) => string;
    unknown?: (name: string) => string;
    /** The refusal of the first blank text. Without it, blank texts are accepted. */
    blank?: (index: number) => string;
  };
  usage: (tokens: number, texts: string[]) => object | undefined;
  ranking: (ranking: Ranking) => object;
  /** The body of a refusal: an object is JSON, a string is plain text. */
  error: (fault: Fault) => object | string;
}
