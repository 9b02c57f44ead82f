/** postgres://… -> a pool of connections; a transaction that a lost connection cut off is run again */
import pg from "pg";
import type { Database, Queryable } from "./database.ts";
import { explain } from "./explain.ts";
import { IngestError } from "./ingest-error.ts";
import { pause } from "./pause.ts";

/** How long a server may be away, as in a restart or a failover, before the work is given up. */
const patienceMs = 300_000;
const longestPauseMs = 5_000;

/** @throws IngestError when nothing answers there, or refuses */
export async function openPostgres(address: string, signal?: AbortSignal): Promise<Database> {
  const pool = makePool(address);
  try {
    (await pool.connect()).release();
  } catch (error) {
    await pool.end();
    throw explain(error);
  }
  return {
    isShared: true,
    transaction: (work) => patiently(() => attempt(pool, work), signal),
    close: () => pool.end(),
  };
}

function makePool(address: string): pg.Pool {
  try {
    const pool = new pg.Pool({ connectionString: address, max: 4, connectionTimeoutMillis: 10_000 });
    // An idle connection that breaks is no news: the next transaction gets another.
    pool.on("error", () => {});
    return pool;
  } catch (error) {
    throw new IngestError("usage", "Expected --to to be postgres://user:password@host:port/database", {
      cause: error,
    });
  }
}

async function attempt<Result>(
  pool: pg.Pool,
  work: (transaction: Queryable) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let failure: unknown;
  try {
    await client.query("BEGIN");
    const result = await work({
      query: async <Row>(sql: string, parameters?: unknown[]) =>
        (await client.query(sql, parameters)).rows as Row[],
    });
    await client.query("COMMIT");
    return result;
  } catch (error) {
    failure = error;
    if (!isLost(error)) await client.query("ROLLBACK").catch(() => {});
    throw error;
  } finally {
    client.release(failure !== undefined && isLost(failure));
  }
}

/** Work that is paid for is not given up because its database restarts. */
async function patiently<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  const until = performance.now() + patienceMs;
  for (let pauseMs = 100; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      const isOver = signal?.aborted || performance.now() > until;
      if (isOver || !(isLost(error) || isClash(error))) throw explain(error);
      await pause(pauseMs, signal);
    }
  }
}

/** The connection or the server went away: SQLSTATE classes 08 and 57P, Node's codes, and `pg`'s own words. */
function isLost(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  if (/^08|^57P0/.test(code) || /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|AI_AGAIN)$/.test(code)) return true;
  return /Connection terminated|connection error and is not queryable|timeout exceeded|Client was closed/i.test(
    message,
  );
}

/** Two transactions stood in each other's way: serialization failure, deadlock, a table made by both at once. */
function isClash(error: unknown): boolean {
  const { code = "", constraint = "" } = error as { code?: string; constraint?: string };
  return ["40001", "40P01"].includes(code) || (code === "23505" && constraint.startsWith("pg_"));
}
