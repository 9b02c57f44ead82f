/** an index -> what other stores need to open it: a connection for `pg`, and the names of its table and columns */

import { explain } from "../explain.ts";
import { checkOptions, type IndexOptions, sharedChecks } from "./add-options.ts";
import { isServer, openDatabase } from "./database.ts";
import { type IndexSettings, readSettings } from "./index-settings.ts";
import type { StoredProfile } from "./profile.ts";
import { type Tables, tablesOf } from "./tables.ts";

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
  /** What the vectors were made with: what the host's embeddings must be told too. */
  model: string;
  profile: StoredProfile;
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
    const schemaName = options.schema ?? "retrieval";
    const open = isServer(options.to) ? nameServer : serveFolder;
    const { settings, connection, close } = await open(options.to, tablesOf(schemaName));
    const { model, profile } = settings;
    return { model, profile, connection, schemaName, tableName: "chunks", columns: chunkColumns, close };
  } catch (error) {
    throw explain(error);
  }
}

interface Opened extends Pick<IndexHandle, "connection" | "close"> {
  settings: IndexSettings;
}

async function nameServer(address: string, tables: Tables): Promise<Opened> {
  const database = await openDatabase(address);
  try {
    const settings = await readSettings(database, tables);
    return { settings, connection: { connectionString: address }, close: async () => {} };
  } finally {
    await database.close();
  }
}

async function serveFolder(folder: string, tables: Tables): Promise<Opened> {
  const { databaseOf, openEngine } = await import("./folder.ts");
  const { PGLiteSocketServer } = await import("@electric-sql/pglite-socket");
  const { engine, close } = await openEngine(folder, false);
  try {
    const settings = await readSettings(databaseOf(engine, close), tables);
    const server = new PGLiteSocketServer({ db: engine, host: "127.0.0.1", port: 0, maxConnections: 10 });
    await server.start();
    const port = Number(server.getServerConn().split(":").at(-1));
    return {
      settings,
      connection: {
        host: "127.0.0.1",
        port,
        user: "postgres",
        password: "",
        database: "postgres",
        ssl: false,
      },
      close: async () => {
        await server.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
