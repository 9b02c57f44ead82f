/** A connection that ends when COMMIT has arrived and its answer has not: is the work done once? */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "./database.ts";
import { openPostgres } from "./postgres.ts";

let engine: PGlite;
let server: PGLiteSocketServer;
let proxy: Server;
let database: Database;
/** What happens to the next COMMIT. */
let loses: "its answer" | "the request" | undefined;

beforeAll(async () => {
  engine = await PGlite.create();
  await engine.query("CREATE TABLE counter AS SELECT 0 AS count");
  server = new PGLiteSocketServer({ db: engine, host: "127.0.0.1", port: 0, maxConnections: 10 });
  await server.start();
  const port = Number(server.getServerConn().split(":").at(-1));
  proxy = createServer((client) => pass(client, port)).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address() as { port: number };
  database = await openPostgres(`postgres://postgres@127.0.0.1:${address.port}/postgres?sslmode=disable`, {});
}, 120_000);
afterAll(async () => {
  await database.close();
  proxy.close();
  await server.stop();
  await engine.close();
});

function pass(client: Socket, port: number): void {
  const upstream = connect(port, "127.0.0.1");
  for (const socket of [client, upstream]) socket.on("error", () => {});
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  let isLost = false;
  client.on("data", (data) => {
    if (loses && data.includes("COMMIT")) {
      isLost = loses === "its answer";
      loses = undefined;
      if (!isLost) return end();
    }
    upstream.write(data);
  });
  upstream.on("data", (data) => (isLost ? end() : client.write(data)));
  client.on("close", end);
  upstream.on("close", end);
}

async function count(): Promise<number> {
  const { rows } = await engine.query<{ count: number }>("SELECT count FROM counter");
  return rows[0]?.count ?? 0;
}

test.each(["its answer", "the request"] as const)("a COMMIT that loses %s counts once", async (what) => {
  const before = await count();
  loses = what;
  const answer = await database.transaction(async ({ query }) => {
    await query("UPDATE counter SET count = count + 1");
    return "done";
  });
  expect([answer, await count()]).toEqual(["done", before + 1]);
  expect(loses).toBeUndefined();
});
