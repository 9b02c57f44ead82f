/** what the register asks -> statements on the tables of documents and of their places */
import { storableJson } from "../read/storable.ts";
import type { Database, Queryable } from "./database.ts";
import type { ClosedDocument, KnownDocument, Place, RegisterTables } from "./register.ts";
import type { Tables } from "./tables.ts";

export class PostgresRegisterTables implements RegisterTables {
  readonly #database: Database;
  readonly #tables: Tables;

  constructor(database: Database, tables: Tables) {
    this.#database = database;
    this.#tables = tables;
  }

  async meet(source: string, run: number, names: string[]): Promise<Map<string, KnownDocument>> {
    const tables = this.#tables;
    const rows = await this.#database.transaction((transaction) =>
      transaction.query<KnownDocument & { name: string }>(
        `WITH met AS (
          INSERT INTO ${tables.documents} AS known (source, name, run) SELECT $1, name, $3 FROM unnest($2::text[]) AS name
          ON CONFLICT (source, name) DO UPDATE SET run = greatest(known.run, $3) RETURNING id, name, hash)
        SELECT id::text, name, hash, NOT EXISTS (
          SELECT FROM ${tables.places} WHERE document_id = met.id AND ${isMissing(tables, "chunk_id")}
        ) AS "isWhole" FROM met`,
        [source, names, run],
      ),
    );
    return new Map(rows.map((row) => [row.name, row]));
  }

  async place(places: Place[]): Promise<Set<string>> {
    const tables = this.#tables;
    const columns = [
      places.map(({ documentId }) => documentId),
      places.map(({ position }) => position),
      places.map(({ chunk }) => chunk.id),
      places.map(({ chunk }) => storableJson(chunk.metadata)),
    ];
    const missing = await this.#database.transaction(async (transaction) => {
      await transaction.query(
        `INSERT INTO ${tables.places} (document_id, position, chunk_id, metadata)
        SELECT * FROM unnest($1::bigint[], $2::integer[], $3::uuid[], $4::jsonb[])
        ON CONFLICT (document_id, position)
        DO UPDATE SET chunk_id = excluded.chunk_id, metadata = excluded.metadata`,
        columns,
      );
      // From here on it is neither what it was nor what it will be: only its end makes it count as read.
      await transaction.query(
        `UPDATE ${tables.documents} SET hash = NULL WHERE id = ANY($1::bigint[]) AND hash IS NOT NULL`,
        [[...new Set(places.map(({ documentId }) => documentId))]],
      );
      return findMissing(transaction, tables, columns[2] as string[]);
    });
    return new Set(missing);
  }

  async close(documents: ClosedDocument[]): Promise<void> {
    const tables = this.#tables;
    const columns = [
      documents.map(({ id }) => id),
      documents.map(({ hash }) => hash),
      documents.map(({ places }) => places),
    ];
    const closed = `unnest($1::bigint[], $2::text[], $3::integer[]) AS closed (id, hash, places)`;
    await this.#database.transaction(async (transaction) => {
      await transaction.query(
        `DELETE FROM ${tables.places} USING ${closed} WHERE document_id = closed.id AND position >= closed.places`,
        columns,
      );
      await transaction.query(
        `UPDATE ${tables.documents} AS document SET hash = closed.hash FROM ${closed} WHERE document.id = closed.id`,
        columns,
      );
    });
  }
}

function isMissing({ chunks, pending, refused }: Tables, id: string): string {
  return [chunks, pending, refused]
    .map((table) => `NOT EXISTS (SELECT FROM ${table} AS other WHERE other.id = ${id})`)
    .join(" AND ");
}

async function findMissing(transaction: Queryable, tables: Tables, ids: string[]): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT DISTINCT wanted::text AS id FROM unnest($1::uuid[]) AS wanted WHERE ${isMissing(tables, "wanted")}`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
