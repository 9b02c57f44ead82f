/** A Postgres with pgvector in a process of its own, on a port: PGlite in a folder; SIGTERM stops it, started again it has its data */
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

const [dataDir = "", port = ""] = process.argv.slice(2);
const db = await PGlite.create({ dataDir, extensions: { vector } });
const server = new PGLiteSocketServer({ db, host: "127.0.0.1", port: Number(port), maxConnections: 100 });
await server.start();
process.once("SIGTERM", async () => {
  await server.stop();
  await db.close();
  process.exit(0);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
