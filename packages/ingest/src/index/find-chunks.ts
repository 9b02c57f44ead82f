/** a question's vector and, for a hybrid search, its words -> the chunks nearest by vector, by text, and by both, in one statement */
import { storableJson } from "../read/storable.ts";
import type { Queryable } from "./database.ts";
import type { IndexSettings, TableNames } from "./tables.ts";
import { vectorIndexFor } from "./vector-index.ts";

/** Limits a search to chunks with at least one place that fits. */
export interface SearchFilter {
  /** Members that the metadata has, with these values: `{ topic: "bees" }`. */
  filter?: Record<string, unknown> | undefined;
  /** How `metadata.source` begins: a file's name, or a folder's with `/` at its end. */
  path?: string | undefined;
}

export interface FindOptions extends SearchFilter {
  /** The question's vector. */
  vector: readonly number[];
  /** The question's words. If given, chunks with some of these words are found too, and both lists are fused. */
  text?: string | undefined;
  /** The most chunks. */
  count: number;
  /** The most chunks in each of the two lists that are fused. */
  listed: number;
}

/** A chunk that was found. */
export interface FoundChunk {
  id: string;
  text: string;
  /** `source`, and `loc` where lines or pages are known: of the first place that fits the filter. */
  metadata: Record<string, unknown>;
  /** Cosine of the question's vector and the chunk's. */
  similarity: number;
  /** Of a hybrid search: the place in the list by vector, from 1; null where it is not in it. */
  vectorRank?: number | null;
  /** Of a hybrid search: the place in the list by text, from 1; null where it is not in it. */
  textRank?: number | null;
  /** Of a hybrid search: reciprocal rank fusion of both places. */
  fusedScore?: number;
}

/** Of reciprocal rank fusion: how little the first places count more than the next (Cormack, Clarke, Büttcher 2009). */
const fusion = 60;

export async function findChunks(
  transaction: Queryable,
  tables: TableNames,
  { dimensions, language, vectorVersion }: IndexSettings,
  options: FindOptions,
): Promise<FoundChunk[]> {
  const { vector, text, count, listed, filter, path } = options;
  const { chunks, places } = tables;
  const index = vectorIndexFor(dimensions, vectorVersion);
  const wanted = text === undefined ? count : listed;
  const candidates = wanted * index.oversampling;
  // HNSW returns at most `ef_search` rows, which can be 1,000 at most. The setting is only for this transaction.
  const looked = String(Math.min(1_000, Math.max(100, candidates)));
  await transaction.query("SELECT set_config('hnsw.ef_search', $1, true)", [looked]);

  const isFiltered = filter !== undefined || path !== undefined;
  const fits = "place.metadata @> $4::jsonb AND starts_with(coalesce(place.metadata->>'source', ''), $5)";
  // With a filter, all vectors that fit are read: the index, which does not know the filter, would return too few of them.
  const allowed = `allowed AS MATERIALIZED (SELECT DISTINCT chunk_id AS id FROM ${places} AS place WHERE ${fits}),`;
  const from = isFiltered ? `${chunks} JOIN allowed USING (id)` : chunks;
  const distance = `embeddings <=> $1::vector(${dimensions})`;
  const byVector = `
    SELECT id, row_number() OVER (ORDER BY ${distance}, id) AS rank FROM (
      SELECT id, embeddings FROM ${from} ORDER BY ${isFiltered ? distance : index.order} LIMIT $2
    ) AS candidate ORDER BY rank LIMIT $3`;
  // OR, because a chunk need not contain every word of the question.
  const words = `replace(plainto_tsquery('${language}', $6::text)::text, ' & ', ' | ')::tsquery`;
  const byText = `
    SELECT id, row_number() OVER (ORDER BY score DESC, id) AS rank FROM (
      SELECT id, ts_rank(search, ${words}, 1) AS score FROM ${from} WHERE search @@ ${words}
    ) AS candidate ORDER BY rank LIMIT $3`;
  const rows = await transaction.query<FoundChunk>(
    `WITH given AS (SELECT $4::jsonb, $5::text, $6::text), ${isFiltered ? allowed : ""}
    by_vector AS (${byVector}),
    by_text AS (${text === undefined ? "SELECT id, rank FROM by_vector WHERE false" : byText}),
    fused AS (
      SELECT id, by_vector.rank AS vector_rank, by_text.rank AS text_rank,
        coalesce(1.0 / (${fusion} + by_vector.rank), 0) + coalesce(1.0 / (${fusion} + by_text.rank), 0) AS score
      FROM by_vector FULL JOIN by_text USING (id))
    SELECT chunk.id::text, document AS text,
      ${isFiltered ? `(SELECT metadata FROM ${places} AS place WHERE chunk_id = chunk.id AND ${fits} ORDER BY document_id, position LIMIT 1)` : "chunk.metadata"} AS metadata,
      1 - (${distance}) AS similarity, vector_rank::integer AS "vectorRank", text_rank::integer AS "textRank",
      score::float8 AS "fusedScore"
    FROM fused JOIN ${chunks} AS chunk USING (id) ORDER BY score DESC, vector_rank, text_rank LIMIT $7`,
    [
      ...[`[${vector.join(",")}]`, candidates, wanted],
      ...[storableJson(filter ?? {}), path ?? "", (text ?? "").replaceAll("\0", ""), count],
    ],
  );
  return text === undefined
    ? rows.map(({ id, text, metadata, similarity }) => ({ id, text, metadata, similarity }))
    : rows;
}
