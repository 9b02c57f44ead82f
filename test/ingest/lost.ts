/** a connection that Postgres ends between two statements of a transaction -> the transaction, done again from its beginning */
import { openDatabase } from "../../packages/ingest/src/index/open-database.ts";
import { expectEqual } from "./expect.ts";
import type { Field } from "./field.ts";
import { startPlainPostgres } from "./plain-postgres.ts";

export async function lost(field: Field): Promise<string> {
  const plain = await startPlainPostgres(field.folder);
  const database = await openDatabase(`postgres://ingest:right@127.0.0.1:${plain.port}/postgres`);
  try {
    const pids: number[] = [];
    const answer = await database.transaction(async ({ query }) => {
      const [row] = await query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      pids.push(row?.pid ?? 0);
      if (pids.length === 1) await endBackend(pids[0] ?? 0);
      return query<{ two: number }>("SELECT 1 + 1 AS two");
    });
    expectEqual("what the second attempt gives", answer, [{ two: 2 }]);
    expectEqual("connections", new Set(pids).size, 2);
    return "a transaction whose connection ends between two statements is done again";
  } finally {
    await database.close();
    await plain.stop();
  }

  /** Ends the connection over another one. Resolves once it is gone, and its client has had time to notice. */
  async function endBackend(pid: number): Promise<void> {
    const isThere = () =>
      database.transaction(async ({ query }) => {
        await query("SELECT pg_terminate_backend($1)", [pid]);
        return (await query("SELECT FROM pg_stat_activity WHERE pid = $1", [pid])).length > 0;
      });
    while (await isThere());
  }
}
