/** postgres://… -> a pool of connections; a transaction that a lost connection cut off is run again */
import pg from "pg";
import { explain } from "../explain.ts";
import { IngestError } from "../ingest-error.ts";
import { type Patience, patiently } from "../patience.ts";
import type { Database, OpenOptions, Queryable } from "./database.ts";

/** @throws IngestError when nothing answers there, or refuses */
export async function openPostgres(address: string, { signal, onWait }: OpenOptions): Promise<Database> {
  const pool = makePool(address);
  const connect = async () => (await pool.connect()).release();
  try {
    if (onWait) await patiently(connect, { isPassing: isLost, signal, onWait: () => onWait("Postgres") });
    else await connect();
  } catch (error) {
    await pool.end();
    throw explain(error);
  }
  // A restart of the database must not lose work that was paid for.
  const patience = { signal, isPassing: (error: unknown) => isLost(error) || isClash(error) };
  return {
    isShared: true,
    transaction: async (work) => {
      try {
        return await patiently(() => new Attempt(pool, work).run(patience), patience);
      } catch (error) {
        throw explain(error);
      }
    },
    close: () => pool.end(),
  };
}

function makePool(address: string): pg.Pool {
  try {
    const pool = new pg.Pool({ connectionString: address, max: 4, connectionTimeoutMillis: 10_000 });
    // Ignored, because the next transaction gets a new connection.
    pool.on("error", () => {});
    return pool;
  } catch (error) {
    throw new IngestError("usage", "Expected --to to be postgres://user:password@host:port/database", {
      cause: error,
    });
  }
}

/** One try at a transaction. */
class Attempt<Result> {
  readonly #pool: pg.Pool;
  readonly #work: (transaction: Queryable) => Promise<Result>;
  /** What asks whether the transaction was committed, and its result, from when COMMIT is sent on. */
  #sent: { id: string | null; result: Result } | undefined;

  constructor(pool: pg.Pool, work: (transaction: Queryable) => Promise<Result>) {
    this.#pool = pool;
    this.#work = work;
  }

  /** If the answer to COMMIT is lost, asks whether the transaction was committed: repeating it could count twice. */
  async run(patience: Patience): Promise<Result> {
    try {
      return await this.#try();
    } catch (error) {
      const sent = this.#sent;
      if (!sent || !isLost(error)) throw error;
      const { id, result } = sent;
      if (id === null || (await patiently(() => this.#isCommitted(id), patience))) return result;
      throw error;
    }
  }

  async #try(): Promise<Result> {
    const client = await this.#pool.connect();
    // If a connection breaks between two statements, the next statement fails. Without this listener the event would end the process.
    const ignore = () => {};
    client.on("error", ignore);
    let failure: unknown;
    try {
      await client.query("BEGIN");
      const result = await this.#work({
        query: async <Row>(sql: string, parameters?: unknown[]) =>
          (await client.query(sql, parameters)).rows as Row[],
      });
      const { rows } = await client.query<{ id: string | null }>(
        "SELECT txid_current_if_assigned()::text AS id",
      );
      this.#sent = { id: rows[0]?.id ?? null, result };
      await client.query("COMMIT");
      return result;
    } catch (error) {
      failure = error;
      if (!isLost(error)) await client.query("ROLLBACK").catch(() => {});
      throw error;
    } finally {
      client.off("error", ignore);
      client.release(failure !== undefined && isLost(failure));
    }
  }

  /** @throws while it is still being decided */
  async #isCommitted(id: string): Promise<boolean> {
    const { rows } = await this.#pool.query<{ status: string | null }>(
      "SELECT txid_status($1::bigint) AS status",
      [id],
    );
    if (rows[0]?.status === "in progress")
      throw Object.assign(new Error("The transaction is still in progress"), { code: "57P03" });
    return rows[0]?.status === "committed";
  }
}

/** The connection or the server went away: SQLSTATE classes 08 and 57P, Node's codes, and `pg`'s own words. */
function isLost(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  if (/^08|^57P0/.test(code) || /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN)$/.test(code))
    return true;
  return /Connection terminated|connection error and is not queryable|timeout exceeded|Client was closed/i.test(
    message,
  );
}

/** Two transactions stood in each other's way: serialization failure, deadlock, a table made by both at once. */
function isClash(error: unknown): boolean {
  const { code = "", constraint = "" } = error as { code?: string; constraint?: string };
  return ["40001", "40P01"].includes(code) || (code === "23505" && constraint.startsWith("pg_"));
}
