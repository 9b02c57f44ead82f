/** What a framework does for a search: the question embedded, the nearest passages found, and the best of them ranked */
import type { TogetherClient } from "@together-retrieval/core";
import type { Hit, SearchRequest } from "../wire.ts";
import type { PassageIndex } from "./index.ts";

/** The three steps, as a framework takes them. */
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
