/** an index that `together-ingest add` wrote -> its table for both frameworks, and a sample of its rows for the map */
import { profiles } from "@together-retrieval/core";
import { type IndexHandle, IngestError, openIndex } from "@together-retrieval/ingest";
import pg from "pg";
import { BadInput } from "../../examples/demo/bad-input.ts";
import type { EmbeddingModel, Settings } from "../wire.ts";
import type { PassageIndex, PassageMetadata } from "./index.ts";
import { mostPoints } from "./points.ts";
import { describeModel } from "./service.ts";

export interface WrittenIndex {
  index: PassageIndex;
  counts: Settings["documentation"];
  close(): Promise<void>;
}

/** @throws BadInput for what is no index, or one whose profile the page could not name */
export async function openWrittenIndex(to: string, schema: string | undefined): Promise<WrittenIndex> {
  const handle = await open(to, schema);
  const pool = new pg.Pool({ ...handle.connection, max: 10 });
  const close = async () => {
    await pool.end();
    await handle.close();
  };
  try {
    const { schemaName, tableName } = handle;
    const quoted = `"${schemaName.replaceAll('"', '""')}"`;
    const { rows: counts } = await pool.query<Settings["documentation"]>(
      `SELECT (SELECT count(*)::integer FROM ${quoted}.documents) AS files,
        (SELECT count(*)::integer FROM ${quoted}.chunks) AS passages, 0 AS "leftOut"`,
    );
    const [count] = counts;
    if (!count?.passages) throw new BadInput(`--index ${to}: it holds no chunks yet`);
    // Ids are hashes: the first of them are as good as any.
    const { rows } = await pool.query<Row>(
      `SELECT id::text, document, metadata, embeddings::text AS vector FROM ${quoted}.chunks AS chunk
      ORDER BY chunk.id LIMIT ${mostPoints}`,
    );
    const index: PassageIndex = {
      model: modelOf(handle, to),
      ids: rows.map(({ id }) => id),
      passages: rows.map(({ document, metadata }) => ({ pageContent: document, metadata })),
      vectors: rows.map(({ vector }) => JSON.parse(vector)),
      ...{ schemaName, tableName, database: { pool, close } },
    };
    return { index, counts: count, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Row {
  id: string;
  document: string;
  metadata: PassageMetadata;
  vector: string;
}

async function open(to: string, schema: string | undefined): Promise<IndexHandle> {
  try {
    return await openIndex({ to, schema });
  } catch (error) {
    throw error instanceof IngestError ? new BadInput(`--index: ${error.message}`) : error;
  }
}

/** Of a profile that is not its model's own the page needs a name, for the query prompt and for its programs. */
function modelOf({ model, profile: { queryPrompt } }: IndexHandle, to: string): EmbeddingModel {
  if (Object.hasOwn(profiles, model) || !queryPrompt) return describeModel(model, undefined);
  const known = Object.keys(profiles).find((id) => profiles[id]?.queryPrompt === queryPrompt);
  if (known) return describeModel(model, known);
  throw new BadInput(
    `--index ${to}: its query prompt is none of a known model, which is all that this page shows`,
  );
}
