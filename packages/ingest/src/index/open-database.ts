/** `to` -> an open database: a folder with a Postgres of its own inside this process, or a Postgres server */
import { IngestError } from "../ingest-error.ts";
import { type Database, isServer, type OpenOptions, withoutPassword } from "./database.ts";

/** Drivers are loaded when they are needed: who uses a folder never loads `pg`. @throws IngestError */
export async function openDatabase(to: string, options: OpenOptions = {}): Promise<Database> {
  if (isServer(to)) return (await import("./postgres.ts")).openPostgres(to, options);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(to)) {
    throw new IngestError(
      "usage",
      `Expected --to to be a folder or postgres://…, got ${withoutPassword(to)}`,
    );
  }
  return (await import("./folder.ts")).openFolder(to, options);
}
