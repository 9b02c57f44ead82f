/** an index -> what other stores need to open it: a connection for `pg`, and the names of its table and columns */
import { checkOptions, type IndexOptions, sharedChecks } from "./add-options.ts";
import { isServer } from "./database.ts";
import { explain } from "./explain.ts";

/** LlamaIndex's column names are fixed, LangChain's are not: so both read the same table. */
export const chunkColumns = {
  idColumnName: "id",
  contentColumnName: "document",
  metadataColumnName: "metadata",
  vectorColumnName: "embeddings",
} as const;

/** Options for `pg`, and for whatever makes a client of it. */
export interface IndexConnection {
  connectionString?: string;
  host?: string;
  port?: number;
  user?: string;
  password?: string;
  database?: string;
  ssl?: boolean;
}

/** What a store needs to be told of an index. */
export interface IndexHandle {
  connection: IndexConnection;
  schemaName: string;
  tableName: "chunks";
  columns: typeof chunkColumns;
  /** Frees the folder; end your own pools and clients first. */
  close(): Promise<void>;
}

/**
 * Opens an index for LangChain's or LlamaIndex's `PGVectorStore`, or for any code that uses `pg`. A folder is served on a
 * free port of this machine's loopback address until it is closed; a server is named as it is.
 * @throws IngestError when there is no index
 */
export async function openIndex(options: IndexOptions): Promise<IndexHandle> {
  try {
    checkOptions(options, { to: sharedChecks.to, schema: sharedChecks.schema });
    const names = {
      schemaName: options.schema ?? "retrieval",
      tableName: "chunks",
      columns: chunkColumns,
    } as const;
    if (isServer(options.to)) {
      return { connection: { connectionString: options.to }, ...names, close: async () => {} };
    }
    return { ...(await serveFolder(options.to)), ...names };
  } catch (error) {
    throw explain(error);
  }
}

async function serveFolder(folder: string): Promise<Pick<IndexHandle, "connection" | "close">> {
  const { openEngine } = await import("./folder.ts");
  const { PGLiteSocketServer } = await import("@electric-sql/pglite-socket");
  const { engine, close } = await openEngine(folder, false);
  const server = new PGLiteSocketServer({ db: engine, host: "127.0.0.1", port: 0, maxConnections: 10 });
  await server.start();
  const port = Number(server.getServerConn().split(":").at(-1));
  return {
    connection: { host: "127.0.0.1", port, user: "postgres", password: "", database: "postgres", ssl: false },
    close: async () => {
      await server.stop();
      await close();
    },
  };
}
