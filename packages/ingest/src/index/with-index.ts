/** The options of a call -> an existing index, open during the call. */

import { explain } from "../explain.ts";
import { addDefaults, type Check, checkOptions, type IndexOptions, sharedChecks } from "./add-options.ts";
import { readSettings } from "./index-settings.ts";
import { IndexTables } from "./index-tables.ts";
import { openDatabase } from "./open-database.ts";
import type { IndexSettings } from "./tables.ts";

export interface OpenedIndex {
  tables: IndexTables;
  settings: IndexSettings;
}

/** @throws IngestError when there is no index, and for whatever `work` fails with that a user can put right */
export async function withIndex<Result>(
  options: IndexOptions & { signal?: AbortSignal | undefined },
  own: Record<string, Check>,
  work: (index: OpenedIndex) => Promise<Result>,
  onWait?: (server: string) => void,
): Promise<Result> {
  try {
    const { to, schema, signal } = sharedChecks;
    checkOptions(options, { to, schema, ...(own.signal && { signal }), ...own });
    options.signal?.throwIfAborted();
    const database = await openDatabase(options.to, { signal: options.signal, onWait });
    try {
      const tables = new IndexTables(database, options.schema ?? addDefaults.schema);
      return await work({ tables, settings: await readSettings(tables) });
    } finally {
      await database.close();
    }
  } catch (error) {
    throw explain(error, options.signal);
  }
}
