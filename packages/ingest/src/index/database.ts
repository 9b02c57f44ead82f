/** What a database is to the rest: rows, and transactions that may be repeated. */

/** Rows as objects; parameters stand as `$1`, `$2` in the SQL. */
export interface Queryable {
  query<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

/**
 * All work goes through transactions that may be repeated: one that a lost connection cut off is run again, so what it
 * does must come out the same when it is done twice.
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
  /** Stops the waiting for a server that is away. */
  signal?: AbortSignal | undefined;
  /** Given: a server that does not answer is waited for from the start, and this is told so. */
  onWait?: ((server: string) => void) | undefined;
}

export function isServer(to: string): boolean {
  return /^postgres(ql)?:\/\//.test(to);
}

/** An address as it may be shown. */
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
