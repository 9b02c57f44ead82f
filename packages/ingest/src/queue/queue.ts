/** a Redis and an index -> the index's queue: BullMQ owns order, retries, stalled jobs and the shared rate limit */
import { type ConnectionOptions, Queue } from "bullmq";
import { Redis } from "ioredis";
import { oneLine } from "../explain.ts";
import { withoutPassword } from "../index/database.ts";
import { IngestError } from "../ingest-error.ts";
import { patiently } from "../patience.ts";

/** A range of chunks that wait in Postgres: small in Redis, and whoever does it twice does nothing the second time. */
export interface RangeJob {
  range: number;
}

export interface QueueCounts {
  waiting: number;
  active: number;
  /** Failed, and tried again later by themselves. */
  delayed: number;
  /** Given up: `retry-failed` takes them up. */
  failed: number;
  workers: number;
}

/** Twelve attempts, from a second apart to half an hour: with the client's own retries, an outage of an hour is sat out. */
const jobOptions = {
  attempts: 12,
  backoff: { type: "exponential", delay: 1_000, jitter: 0.5 },
  removeOnComplete: true,
} as const;

/** Jobs that share a round trip to Redis. */
const bulk = 500;

export class IngestQueue {
  readonly queue: Queue<RangeJob>;

  constructor(redis: string, indexId: string) {
    this.queue = new Queue<RangeJob>(queueName(indexId), { connection: connectionTo(redis) });
    // Redis comes back, or the call that needs it fails: both are told elsewhere.
    this.queue.on("error", () => {});
  }

  /** A range that has its job already keeps it. */
  async add(ranges: readonly number[], priority: number): Promise<void> {
    for (let at = 0; at < ranges.length; at += bulk) {
      await this.queue.addBulk(
        ranges.slice(at, at + bulk).map((range) => ({
          name: "embed",
          data: { range },
          opts: { ...jobOptions, jobId: `range-${range}`, priority },
        })),
      );
    }
  }

  async counts(): Promise<QueueCounts> {
    const counts = await this.queue.getJobCounts("waiting", "prioritized", "active", "delayed", "failed");
    const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts;
    const workers = await this.queue.getWorkersCount();
    return { waiting: waiting + prioritized, active, delayed, failed, workers };
  }

  /** @returns how many jobs were given up and go back into the queue */
  async retryFailed(): Promise<number> {
    const { failed = 0 } = await this.queue.getJobCounts("failed");
    await this.queue.retryJobs({ state: "failed" });
    return failed;
  }

  /** Jobs, which are requests, a second, over all workers. In steps of a tenth of a second, so that they come evenly. */
  async setRate(perSecond: number): Promise<void> {
    const max = Math.max(1, Math.round(perSecond / 10));
    await this.queue.setGlobalRateLimit(max, Math.ceil((1_000 * max) / perSecond));
  }

  /** A limit that nobody reaches, where none is set: without one, BullMQ heeds no `hold`. */
  async ensureRate(): Promise<void> {
    if (!(await this.queue.getGlobalRateLimit())) await this.queue.setGlobalRateLimit(1_000_000, 1_000);
  }

  /** No worker starts a job for so long: the API said so to one of them. */
  async hold(ms: number): Promise<void> {
    await this.queue.rateLimit(Math.ceil(ms));
  }

  async close(): Promise<void> {
    await this.queue.close();
  }
}

export function queueName(indexId: string): string {
  return `ingest-${indexId}`;
}

/** `null`: commands wait for a Redis that restarts, as BullMQ's workers need it. */
export function connectionTo(redis: string): ConnectionOptions {
  return { url: redis, maxRetriesPerRequest: null };
}

/** Nothing listens, or it is still loading its file: not a wrong password. */
function isAway(error: unknown): boolean {
  return /ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|LOADING|closed/.test((error as Error).message);
}

/** Asks before anything waits for it. @throws IngestError when no Redis answers there */
export async function checkRedis(redis: string): Promise<void> {
  const client = new Redis(redis, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  let said = "";
  client.on("error", (error: Error) => {
    said = error.message || String((error as { code?: string }).code);
  });
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    const why = oneLine(said || (error as Error).message);
    throw new IngestError("queue", `No Redis answers at ${withoutPassword(redis)}: ${why}`, { cause: error });
  } finally {
    client.disconnect();
  }
}

export async function withQueue<Result>(
  redis: string,
  indexId: string,
  work: (queue: IngestQueue) => Promise<Result>,
  onWait?: (server: string) => void,
): Promise<Result> {
  if (onWait) {
    const patience = { isPassing: isAway, onWait: () => onWait("Redis") };
    await patiently(() => checkRedis(redis), patience);
  } else await checkRedis(redis);
  const queue = new IngestQueue(redis, indexId);
  try {
    return await work(queue);
  } finally {
    await queue.close();
  }
}
