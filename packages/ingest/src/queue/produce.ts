/**
 * chunks -> rows that wait in Postgres, and a job for each range of them
 *
 * Jobs carry the number of a range, not the chunks: Redis holds a hundred bytes a range however long the texts are, a
 * Redis that is lost loses no text, and a range that is done again finds nothing left to do.
 */

import type { ChunkToEmbed, IndexTables } from "../index/index-tables.ts";
import type { IndexSettings } from "../index/tables.ts";
import { withQueue } from "./queue.ts";

export interface ProduceOptions {
  redis: string;
  tables: IndexTables;
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
      const range = await options.tables.wait(waiting);
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
