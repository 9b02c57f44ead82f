/** The interface to a database: rows, and transactions that may be repeated. */

/** Rows as objects; parameters stand as `$1`, `$2` in the SQL. */
export interface Queryable {
  query<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

/**
 * All work runs in transactions that may be repeated: if a connection is lost, the transaction runs again. So running it twice
 * must have the same result as running it once.
 */
export interface Database {
  /** `false` for a folder, which one process at a time can open. */
  readonly isShared: boolean;
  transaction<Result>(work: (transaction: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Whether a folder that is not there is made. */
  create?: boolean;
  /** Stops the wait for a server that does not answer. */
  signal?: AbortSignal | undefined;
  /** If given, a server that does not answer is waited for, and this function is called. */
  onWait?: ((server: string) => void) | undefined;
}

export function isServer(to: string): boolean {
  return /^postgres(ql)?:\/\//.test(to);
}

/** The address without its password. */
export function withoutPassword(address: string): string {
  return address.replace(/^([a-z+.-]+:\/\/[^:@/]*):[^@]*@/i, "$1:…@");
}

/** A transaction of one statement. */
export async function run<Row = Record<string, unknown>>(
  database: Database,
  sql: string,
  parameters?: unknown[],
): Promise<Row[]> {
  return database.transaction((transaction) => transaction.query<Row>(sql, parameters));
}
