/** an index -> what other stores need to open it: a connection for `pg`, and the names of its table and columns */

import { explain } from "../explain.ts";
import { addDefaults, checkOptions, type IndexOptions, sharedChecks } from "./add-options.ts";
import { isServer } from "./database.ts";
import type { FindOptions, FoundChunk } from "./find-chunks.ts";
import { readSettings } from "./index-settings.ts";
import { IndexTables } from "./index-tables.ts";
import { openDatabase } from "./open-database.ts";
import type { StoredProfile } from "./profile.ts";
import { type QueryOptions, queryChecks, refuseIdle, type SearchResult, search } from "./search.ts";
import type { OpenedIndex } from "./with-index.ts";

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
  /** The name under which the server answered when the index was made; null where it names none. */
  answeredBy: string | null;
  connection: IndexConnection;
  schemaName: string;
  tableName: "chunks";
  columns: typeof chunkColumns;
  /** Length of every vector. */
  dimensions: number;
  /** As `searchIndex`, on the index that is open. @throws IngestError; the signal's reason */
  search(question: string, options?: QueryOptions): Promise<SearchResult[]>;
  /** For a question's vector that you have: with `text`, the lists by vector and by text are fused, and each chunk has its place in both. */
  find(options: FindOptions): Promise<FoundChunk[]>;
  /** Every chunk with its vector, in the order of their ids; a thousand at a time are in memory. */
  chunks(): AsyncGenerator<IndexedChunk>;
  /** Frees the folder, or ends the connections; end your own pools and clients first. */
  close(): Promise<void>;
}

/** A chunk with its vector. */
export interface IndexedChunk {
  id: string;
  text: string;
  metadata: Record<string, unknown>;
  vector: number[];
}

/**
 * Opens an index for LangChain's or LlamaIndex's `PGVectorStore`, or for any code that uses `pg`. A folder is served on a
 * free port of this machine's loopback address until it is closed; a server is named as it is.
 * @throws IngestError when there is no index
 */
export async function openIndex(options: IndexOptions): Promise<IndexHandle> {
  try {
    checkOptions(options, { to: sharedChecks.to, schema: sharedChecks.schema });
    const schemaName = options.schema ?? addDefaults.schema;
    const open = isServer(options.to) ? nameServer : serveFolder;
    const { index, connection, close } = await open(options.to, schemaName);
    const { model, profile, answeredBy, dimensions } = index.settings;
    return {
      ...{ model, profile, answeredBy, dimensions, connection, schemaName },
      ...{ tableName: "chunks", columns: chunkColumns, close, ...readersOf(index) },
    };
  } catch (error) {
    throw explain(error);
  }
}

function readersOf(index: OpenedIndex): Pick<IndexHandle, "search" | "find" | "chunks"> {
  const { tables, settings } = index;
  return {
    async search(question, options = {}) {
      try {
        checkOptions(options, queryChecks);
        refuseIdle(options);
        options.signal?.throwIfAborted();
        return await search(index, question, options);
      } catch (error) {
        throw explain(error, options.signal);
      }
    },
    find: (options) => tables.nearest(settings, options),
    chunks: () => tables.chunks(),
  };
}

interface Opened extends Pick<IndexHandle, "connection" | "close"> {
  index: OpenedIndex;
}

async function nameServer(address: string, schema: string): Promise<Opened> {
  const database = await openDatabase(address);
  try {
    const tables = new IndexTables(database, schema);
    const index = { tables, settings: await readSettings(tables) };
    return { index, connection: { connectionString: address }, close: () => database.close() };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function serveFolder(folder: string, schema: string): Promise<Opened> {
  const { databaseOf, openEngine } = await import("./folder.ts");
  const { PGLiteSocketServer } = await import("@electric-sql/pglite-socket");
  const { engine, close } = await openEngine(folder, false);
  try {
    const tables = new IndexTables(databaseOf(engine, close), schema);
    const index = { tables, settings: await readSettings(tables) };
    const server = new PGLiteSocketServer({ db: engine, host: "127.0.0.1", port: 0, maxConnections: 10 });
    await server.start();
    const port = Number(server.getServerConn().split(":").at(-1));
    return {
      index,
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
