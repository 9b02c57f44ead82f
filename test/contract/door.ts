/** A way into the packages, as the contract uses it: settings -> something that embeds and reranks. */
import type { TogetherClient, TogetherClientOptions } from "@together-retrieval/core";
import type { EmbedDefaults, RerankDefaults } from "@together-retrieval/core/adapter";
import { KEY } from "./client.ts";

/** The options of a door, in groups. */
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
  /** What the host cannot ask for, with the reason. */
  cannot: { rerankWithSignal?: string };
  open(settings: Settings): OpenDoor;
}

/** An adapter's options for its client. */
export function withClient({ baseURL, client, shared }: Settings) {
  return shared ? { client: shared } : { apiKey: KEY, baseURL, ...client };
}
