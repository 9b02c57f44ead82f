/** a question -> the chunks nearest by vector, or by vector and words; with a reranker, those that answer best */
import { TogetherClient } from "@together-retrieval/core";
import { IngestError } from "../ingest-error.ts";
import { type IndexOptions, sharedChecks } from "./add-options.ts";
import type { FoundChunk, SearchFilter } from "./find-chunks.ts";
import { expectSameModel } from "./same-model.ts";
import { type OpenedIndex, withIndex } from "./with-index.ts";

/** How to search. */
export interface QueryOptions extends SearchFilter {
  /** The most results. @default 5 */
  top?: number | undefined;
  /** Also finds chunks by their words, and fuses both lists by reciprocal rank. @default false */
  hybrid?: boolean | undefined;
  /** Ranks what was found by relevance. */
  rerankModel?: string | undefined;
  /** With `rerankModel`: how many chunks it is given to rank. @default 50, or `top` where that is more */
  candidates?: number | undefined;
  /** @default a new client with the key in TOGETHER_API_KEY */
  client?: TogetherClient | undefined;
  signal?: AbortSignal | undefined;
}

/** Where to search, and how. */
export interface SearchOptions extends IndexOptions, QueryOptions {}

/** A chunk that was found; of a hybrid search with its place in both lists. */
export interface SearchResult extends FoundChunk {
  /** What the reranker said, if there was one. */
  relevanceScore?: number;
}

/** `listed`: the most chunks in each list that is fused. */
export const searchDefaults = { top: 5, candidates: 50, listed: 100 } as const;

export const queryChecks = {
  ...{ client: sharedChecks.client, signal: sharedChecks.signal },
  top: countCheck(1_000),
  candidates: countCheck(1_000),
  hybrid: ["a boolean", (value: unknown) => typeof value === "boolean"],
  filter: [
    "an object of metadata",
    (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value),
  ],
  path: ["a non-empty string", (value: unknown) => typeof value === "string" && value !== ""],
  rerankModel: ["a non-empty string", (value: unknown) => typeof value === "string" && value.trim() !== ""],
} satisfies Record<string, [string, (value: unknown) => boolean]>;

function countCheck(most: number): [string, (value: unknown) => boolean] {
  const holds = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;
  return [`an integer from 1 to ${most}`, holds];
}

/**
 * The question is embedded with the index's own model and profile.
 * @returns best first
 * @throws IngestError with the `kind` of what has to be put right; the signal's reason
 */
export async function searchIndex(question: string, options: SearchOptions): Promise<SearchResult[]> {
  refuseIdle(options);
  return withIndex(options, queryChecks, (index) => search(index, question, options));
}

/** An option that would be ignored is worse than an error. @throws IngestError */
export function refuseIdle({ candidates, rerankModel }: QueryOptions): void {
  if (candidates !== undefined && rerankModel === undefined)
    throw new IngestError("usage", "Expected `candidates` with `rerankModel`: nothing else ranks them");
}

export async function search(
  { tables, settings }: OpenedIndex,
  question: string,
  options: QueryOptions,
): Promise<SearchResult[]> {
  const { top = searchDefaults.top, hybrid = false, rerankModel, filter, path, signal } = options;
  const client = options.client ?? new TogetherClient();
  const profile = { ...settings.profile, dimensions: settings.dimensions };
  const [vector = []] = await client.embed([question], {
    ...{ model: settings.model, profile, inputType: "query", signal },
  });
  expectSameModel(settings.answeredBy, client.answeredBy(settings.model));
  const count = rerankModel ? Math.max(top, options.candidates ?? searchDefaults.candidates) : top;
  const text = hybrid ? question : undefined;
  // A chunk that is low in both lists may be high in the fused one.
  const listed = Math.max(searchDefaults.listed, 2 * count);
  const found = await tables.nearest(settings, { vector, text, count, listed, filter, path });
  if (!rerankModel) return found;
  const texts = found.map(({ text }) => text);
  const ranked = await client.rerank(question, texts, { model: rerankModel, topN: top, signal });
  return ranked.flatMap(({ index, relevanceScore }) => {
    const result = found[index];
    return result ? [{ ...result, relevanceScore }] : [];
  });
}
