/** an index that ingest wrote -> what both frameworks need of it, a sample of its chunks for the map, questions to begin with */
import { profiles } from "@together-retrieval/core";
import { type IndexedChunk, type IndexHandle, IngestError, openIndex } from "@together-retrieval/ingest";
import pg from "pg";
import type { EmbeddingModel } from "../wire.ts";
import { BadInput } from "./bad-input.ts";
import { headingsOf } from "./headings.ts";
import { describeModel } from "./service.ts";

export interface PassageIndex {
  model: EmbeddingModel;
  handle: IndexHandle;
  /** Database connections for the stores of the frameworks. */
  pool: pg.Pool;
  files: number;
  passages: number;
  /** All chunks, or as many as the map shows. */
  sample: IndexedChunk[];
  examples: string[];
  close(): Promise<void>;
}

/** The most chunks on the map, because the browser computes it. Of a larger index it gets only these. */
const mostPoints = 2000;

/** @throws IngestError for what is no index; BadInput for one without chunks, or whose profile the page could not name */
export async function openPassageIndex(to: string, schema: string | undefined): Promise<PassageIndex> {
  const handle = await openIndex({ to, schema });
  const pool = new pg.Pool({ ...handle.connection, max: 10 });
  const close = async () => {
    await pool.end();
    await handle.close();
  };
  try {
    const counts = await count(handle, pool);
    if (counts.passages === 0) throw new BadInput("there is no text in it");
    const sample: IndexedChunk[] = [];
    // Ids are hashes, so the first ones are a random sample.
    for await (const chunk of handle.chunks()) if (sample.push(chunk) === mostPoints) break;
    return { model: modelOf(handle), handle, pool, ...counts, sample, examples: headingsOf(sample), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function count(
  { schemaName, tableName }: IndexHandle,
  pool: pg.Pool,
): Promise<{ files: number; passages: number }> {
  const quoted = pg.escapeIdentifier(schemaName);
  const { rows } = await pool.query<{ files: number; passages: number }>(
    `SELECT (SELECT count(*)::integer FROM ${quoted}.documents) AS files,
      (SELECT count(*)::integer FROM ${quoted}.${tableName}) AS passages`,
  );
  const [row] = rows;
  if (!row) throw new IngestError("index", "The index could not be counted");
  return row;
}

/** If the profile belongs to another model, the page needs that model's name for the query prompt and for its programs. */
function modelOf({ model, profile: { queryPrompt } }: IndexHandle): EmbeddingModel {
  if (Object.hasOwn(profiles, model) || !queryPrompt) return describeModel(model, undefined);
  const known = Object.keys(profiles).find((id) => profiles[id]?.queryPrompt === queryPrompt);
  if (known) return describeModel(model, known);
  throw new BadInput("its query prompt is none of a known model, which is all that this page shows");
}

/** `folder/file.md:12-20`, or a page of a PDF. */
export function sourceOf({ source, loc }: Record<string, unknown>): string {
  const { lines, pageNumber } = (loc ?? {}) as {
    lines?: { from: number; to: number };
    pageNumber?: number;
  };
  if (lines) return `${source}:${lines.from}-${lines.to}`;
  return pageNumber ? `${source}, page ${pageNumber}` : String(source);
}

/** The options for the embeddings of both frameworks. If the prompt is switched off, the question is sent as it is. */
export function embeddingOptions({ model, profile }: IndexHandle, prompt: boolean) {
  return { model, profile: prompt ? profile : (false as const) };
}
