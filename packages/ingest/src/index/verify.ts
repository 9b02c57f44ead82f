/** an index -> every fault in it, in words; none when each chunk has exactly one vector of the right model and dimensions */

import { chunkId } from "../read/chunk.ts";
import type { IndexOptions } from "./add-options.ts";
import { run } from "./database.ts";
import { fingerprintOf } from "./profile.ts";
import { readStatus } from "./status.ts";
import { type OpenedIndex, withIndex } from "./with-index.ts";

export interface Verification {
  /** Chunks that were looked at: all of them. */
  chunks: number;
  pending: number;
  refused: number;
  /** A sentence for each kind of fault, with its count. */
  faults: string[];
}

const pageSize = 1_000;

/** Reads every chunk. @throws IngestError when there is no index */
export async function verifyIndex(options: IndexOptions): Promise<Verification> {
  return withIndex(options, {}, async (index) => {
    const { chunks, pending, refused } = await readStatus(index);
    const faults = [...(await countFaults(index)), ...(await checkChunks(index))];
    return { chunks, pending, refused, faults };
  });
}

/** What the database can count by itself. A chunk's id is the table's key, so none is there twice. */
async function countFaults({ database, tables }: OpenedIndex): Promise<string[]> {
  const { chunks, places, pending, refused } = tables;
  const isAbsent = [chunks, pending, refused]
    .map((table) => `NOT EXISTS (SELECT FROM ${table} AS other WHERE other.id = place.chunk_id)`)
    .join(" AND ");
  const [row] = await run<Record<"lost" | "homeless" | "both", number>>(
    database,
    `SELECT
      (SELECT count(DISTINCT chunk_id)::integer FROM ${places} AS place WHERE ${isAbsent}) AS lost,
      (SELECT count(*)::integer FROM ${chunks} AS chunk
        WHERE NOT EXISTS (SELECT FROM ${places} AS place WHERE place.chunk_id = chunk.id)) AS homeless,
      (SELECT count(*)::integer FROM ${chunks} JOIN ${refused} USING (id)) AS both`,
  );
  const { lost = 0, homeless = 0, both = 0 } = row ?? {};
  return [
    ...(lost > 0 ? [`${lost} chunks of documents have no vector: run add again`] : []),
    ...(homeless > 0 ? [`${homeless} chunks belong to no document: run add again`] : []),
    ...(both > 0 ? [`${both} chunks have a vector and are marked as refused: run retry-failed`] : []),
  ];
}

interface CheckedRow {
  id: string;
  document: string;
  dimensions: number;
  length: number;
}

/** What takes the text: whether an id is that of its text, model and profile; and whether a vector can be one at all. */
async function checkChunks({ database, tables, settings }: OpenedIndex): Promise<string[]> {
  const fingerprint = fingerprintOf(settings.model, settings.profile);
  let foreign = 0;
  let odd = 0;
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    // By the column: a plain `id` is the text of the result, which no index has in order.
    const rows = await run<CheckedRow>(
      database,
      `SELECT id::text, document, vector_dims(embeddings) AS dimensions, vector_norm(embeddings) AS length
      FROM ${tables.chunks} AS chunk WHERE id > $1 ORDER BY chunk.id LIMIT $2`,
      [after, pageSize],
    );
    for (const { id, document, dimensions, length } of rows) {
      if (chunkId(document, fingerprint) !== id) foreign++;
      if (dimensions !== settings.dimensions || !(length > 0)) odd++;
    }
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
  }
  return [
    ...(foreign > 0
      ? [`${foreign} chunks are not of this model and profile, or their text was changed`]
      : []),
    ...(odd > 0 ? [`${odd} vectors are of another length than ${settings.dimensions}, or zero`] : []),
  ];
}
