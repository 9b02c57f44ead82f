/**
 * chunks -> rows that wait in Postgres, and a job for each range of them
 *
 * Jobs carry the number of a range, not the chunks: Redis holds a hundred bytes a range however long the texts are, a
 * Redis that is lost loses no text, and a range that is done again finds nothing left to do.
 */

import type { Database } from "../index/database.ts";
import type { ChunkToEmbed } from "../index/embed-chunks.ts";
import type { IndexSettings } from "../index/index-settings.ts";
import type { Tables } from "../index/tables.ts";
import type { Chunk } from "../read/chunk.ts";
import { storableJson } from "../read/storable.ts";
import { withQueue } from "./queue.ts";

export interface ProduceOptions {
  redis: string;
  database: Database;
  tables: Tables;
  settings: IndexSettings;
  /** Chunks in a range. */
  batchSize: number;
  priority: number;
  onStored(count: number): Promise<void> | void;
}

export async function produce(chunks: AsyncIterable<ChunkToEmbed>, options: ProduceOptions): Promise<void> {
  const { redis, settings, batchSize, priority, onStored } = options;
  await withQueue(redis, settings.id, async (queue) => {
    let batch: ChunkToEmbed[] = [];
    const flush = async () => {
      if (batch.length === 0) return;
      const waiting = batch;
      batch = [];
      // The rows first: a job without them would do nothing, rows without a job are found by the workers.
      const range = await storePending(options.database, options.tables, waiting);
      await queue.add([range], priority);
      await onStored(waiting.length);
    };
    for await (const chunk of chunks) {
      batch.push(chunk);
      if (batch.length >= batchSize) await flush();
    }
    await flush();
  });
}

type Pending = Pick<Chunk, "id" | "text" | "metadata">;

async function storePending(
  database: Database,
  { schema, pending }: Tables,
  chunks: Pending[],
): Promise<number> {
  return database.transaction(async (transaction) => {
    const [row] = await transaction.query<{ range: number }>(
      "SELECT nextval($1::regclass)::float8 AS range",
      [`${schema}.ranges`],
    );
    const range = row?.range ?? 0;
    await transaction.query(
      `INSERT INTO ${pending} (id, document, metadata, range)
      SELECT id, document, metadata, $4 FROM unnest($1::uuid[], $2::text[], $3::jsonb[]) AS row (id, document, metadata)
      ON CONFLICT (id) DO NOTHING`,
      [
        chunks.map(({ id }) => id),
        chunks.map(({ text }) => text),
        chunks.map(({ metadata }) => storableJson(metadata)),
        range,
      ],
    );
    return range;
  });
}
