/** a folder -> Postgres with pgvector inside this process (PGlite), its data in that folder */
import { existsSync, readdirSync } from "node:fs";
import { mkdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { explain } from "../explain.ts";
import { IngestError } from "../ingest-error.ts";
import type { Database, OpenOptions } from "./database.ts";
import { lockFolder } from "./folder-lock.ts";

export async function openFolder(folder: string, { create = false }: OpenOptions): Promise<Database> {
  const { engine, close } = await openEngine(folder, create);
  return databaseOf(engine, close, async () => {
    if (create) await checkSpace(folder);
  });
}

export function databaseOf(
  engine: PGlite,
  close: () => Promise<void>,
  before = async (): Promise<void> => {},
): Database {
  return {
    isShared: false,
    transaction: async (work) => {
      await before();
      return engine.transaction((transaction) =>
        work({
          query: async <Row>(sql: string, parameters?: unknown[]) =>
            (await transaction.query<Row>(sql, parameters)).rows,
        }),
      );
    },
    close,
  };
}

/** Room for what one transaction writes, and for the log of it, which grows in files of 16 MiB. */
const spareBytes = 64 * 2 ** 20;

/** A full disk would crash the Postgres inside this process, so work stops before that. @throws IngestError */
async function checkSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= spareBytes) return;
  throw new IngestError(
    "index",
    `The disk is full: less than ${spareBytes / 2 ** 20} MiB are left for ${folder}. What was written before is kept; ` +
      "free some space and run the same command again",
  );
}

export interface FolderEngine {
  engine: PGlite;
  close(): Promise<void>;
}

/** @throws IngestError when the folder is no index, or another process has it open */
export async function openEngine(folder: string, create: boolean): Promise<FolderEngine> {
  await checkFolder(folder, create);
  const unlock = await lockFolder(folder);
  try {
    const engine = await PGlite.create({ dataDir: dataFolder(folder), extensions: { vector } });
    return {
      engine,
      close: async () => {
        await engine.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw explain(error);
  }
}

/** PGlite wants a folder for itself; beside it stand the lock and the file of refused chunks. */
export function dataFolder(folder: string): string {
  return join(folder, "postgres");
}

async function checkFolder(folder: string, create: boolean): Promise<void> {
  if (existsSync(dataFolder(folder))) return;
  if (!create) throw new IngestError("index", `There is no index in ${folder}: make one with add`);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new IngestError("index", `Cannot make the folder ${folder}`, { cause: error });
  }
  if (readdirSync(folder).length > 0) {
    throw new IngestError("index", `${folder} holds other files: name an empty folder, or a new one`);
  }
}
