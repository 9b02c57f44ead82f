/** a question -> the chunks nearest by vector, or, with a reranker, those that answer best */
import { TogetherClient } from "@together-retrieval/core";
import { IngestError } from "../ingest-error.ts";
import { type IndexOptions, sharedChecks } from "./add-options.ts";
import type { Queryable } from "./database.ts";
import type { IndexSettings } from "./index-settings.ts";
import type { Tables } from "./tables.ts";
import { withIndex } from "./with-index.ts";

export interface SearchOptions extends IndexOptions {
  /** The most results. @default 5 */
  top?: number | undefined;
  /** Ranks what the vectors found by relevance. */
  rerankModel?: string | undefined;
  /** With `rerankModel`: how many chunks the vectors give it to rank. @default 50, or `top` where that is more */
  candidates?: number | undefined;
  /** @default a new client with the key in TOGETHER_API_KEY */
  client?: TogetherClient | undefined;
  signal?: AbortSignal | undefined;
}

/** A chunk that was found. */
export interface SearchResult {
  id: string;
  text: string;
  /** `source`, and `loc` where lines or pages are known. */
  metadata: Record<string, unknown>;
  /** Cosine of the question's vector and the chunk's. */
  similarity: number;
  /** What the reranker said, if there was one. */
  relevanceScore?: number;
}

export const searchDefaults = { top: 5, candidates: 50 } as const;

const checks = {
  ...{ client: sharedChecks.client, signal: sharedChecks.signal },
  top: countCheck(1_000),
  candidates: countCheck(1_000),
  rerankModel: ["a non-empty string", (value: unknown) => typeof value === "string" && value.trim() !== ""],
} satisfies Record<string, [string, (value: unknown) => boolean]>;

function countCheck(most: number): [string, (value: unknown) => boolean] {
  const holds = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;
  return [`an integer from 1 to ${most}`, holds];
}

/**
 * The question is embedded with the index's own model and profile.
 * @returns best first
 * @throws IngestError with the `kind` of what has to be put right
 */
export async function searchIndex(question: string, options: SearchOptions): Promise<SearchResult[]> {
  if (options.candidates !== undefined && options.rerankModel === undefined)
    throw new IngestError("usage", "Expected `candidates` with `rerankModel`: nothing else ranks them");
  return withIndex(options, checks, async ({ database, tables, settings }) => {
    const { top = searchDefaults.top, rerankModel, signal } = options;
    const client = options.client ?? new TogetherClient();
    const profile = { ...settings.profile, dimensions: settings.dimensions };
    const [vector = []] = await client.embed([question], {
      ...{ model: settings.model, profile, inputType: "query", signal },
    });
    const count = rerankModel ? Math.max(top, options.candidates ?? searchDefaults.candidates) : top;
    const found = await database.transaction((transaction) =>
      nearest(transaction, tables, settings, vector, count),
    );
    if (!rerankModel) return found;
    const texts = found.map(({ text }) => text);
    const ranked = await client.rerank(question, texts, { model: rerankModel, topN: top, signal });
    return ranked.flatMap(({ index, relevanceScore }) => {
      const result = found[index];
      return result ? [{ ...result, relevanceScore }] : [];
    });
  });
}

async function nearest(
  transaction: Queryable,
  { chunks }: Tables,
  { dimensions }: IndexSettings,
  vector: number[],
  count: number,
): Promise<SearchResult[]> {
  // HNSW looks at `ef_search` rows and gives no more than that; for this transaction alone.
  await transaction.query(`SELECT set_config('hnsw.ef_search', $1, true)`, [String(Math.max(100, count))]);
  return transaction.query<SearchResult>(
    `SELECT id::text, document AS text, metadata, 1 - (embeddings <=> $1::vector(${dimensions})) AS similarity
    FROM ${chunks} ORDER BY embeddings <=> $1::vector(${dimensions}) LIMIT $2`,
    [`[${vector.join(",")}]`, count],
  );
}
