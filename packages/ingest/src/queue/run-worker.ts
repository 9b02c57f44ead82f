/** options -> a worker that has done its share of a queue; BullMQ and Redis are loaded here and not before */

import { isServer } from "../index/database.ts";
import { type OpenedIndex, withIndex } from "../index/with-index.ts";
import { IngestError } from "../ingest-error.ts";
import { loadQueue, loadWorker } from "./load-queue.ts";
import type { IngestQueue } from "./queue.ts";
import { type WorkerOptions, type WorkerProgress, workerChecks } from "./worker-options.ts";

/**
 * Works until the signal, or until nothing is left. The model is the index's; a killed worker's jobs go to others.
 * @throws IngestError with the `kind` of what has to be put right
 */
export async function runWorker(options: WorkerOptions): Promise<WorkerProgress> {
  const { signal, ...others } = options;
  if (!isServer(String(options.to)))
    throw new IngestError("usage", "Workers share a Postgres server: --to must be postgres://…");
  // Started with everything else, a worker may be there before its servers are.
  const onWait = (server: string) => options.onWarning?.(`${server} does not answer: waiting for it`);
  const work = async (index: OpenedIndex) => {
    const [{ withQueue }, { RangeWorker }] = await Promise.all([loadQueue(), loadWorker()]);
    const run = (queue: IngestQueue) => new RangeWorker(index, queue, options).run(signal);
    return withQueue(options.redis, index.settings.id, run, onWait);
  };
  // The signal ends the taking of jobs, not the writing of those at hand: the database does not hear of it.
  return withIndex(others, workerChecks, work, onWait);
}
