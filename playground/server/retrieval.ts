/** What a framework does for a search: it embeds the question, finds the nearest passages, and ranks the best of them. */
import type { TogetherClient } from "@together-retrieval/core";
import type { Hit, SearchRequest } from "../wire.ts";
import type { PassageIndex } from "./index.ts";

/** The three steps of a search in a framework. */
export interface Retrieval {
  embed(question: string): Promise<number[]>;
  nearest(vector: number[]): Promise<Hit[]>;
  rerank(question: string, candidates: Hit[]): Promise<Hit[]>;
}

export interface RetrievalOptions {
  client: TogetherClient;
  request: SearchRequest;
  index: PassageIndex;
  signal: AbortSignal;
}
