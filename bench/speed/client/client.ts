/** What the benchmark asks of a client, whoever wrote it. */
import type { RankedDocument } from "./check.ts";
import type { Settings } from "./task.ts";

export interface ClientSettings extends Settings {
  baseURL: string;
}

export interface Client {
  embed(texts: string[]): Promise<ArrayLike<number>[]>;
  stream?(source: Iterable<string>): AsyncIterable<{ item: string; vector: number[] }>;
  rerank?(query: string, documents: string[]): Promise<RankedDocument[]>;
}

export type CreateClient = (settings: ClientSettings) => Client;
