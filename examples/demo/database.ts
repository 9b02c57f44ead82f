/** nothing -> a real Postgres with pgvector, in this process and its memory, and a pool of connections to it */
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import pg from "pg";

/** LlamaIndex's column names are fixed, LangChain's are not: so both read the same table. */
export const table = {
  schema: "public",
  name: "passages",
  columns: {
    idColumnName: "id",
    contentColumnName: "document",
    metadataColumnName: "metadata",
    vectorColumnName: "embeddings",
  },
};

export interface Database {
  pool: pg.Pool;
  close(): Promise<void>;
}

export async function openDatabase(): Promise<Database> {
  const engine = await PGlite.create({ extensions: { vector } });
  // The frameworks' stores speak through the usual `pg` client: so the engine listens on a free port of this machine alone.
  const server = new PGLiteSocketServer({ db: engine, host: "127.0.0.1", port: 0, maxConnections: 10 });
  await server.start();
  const [host, port] = server.getServerConn().split(":");
  const pool = new pg.Pool({
    ...{ host, port: Number(port), user: "postgres", password: "", database: "postgres", ssl: false },
    max: 10,
  });
  return {
    pool,
    close: async () => {
      await pool.end();
      await server.stop();
      await engine.close();
    },
  };
}
