/** What a pass over a source has read -> the rows of its documents, and where each of their chunks stands. */
import { storableJson } from "../read/storable.ts";
import { type Database, run } from "./database.ts";
import type { ClosedDocument, KnownDocument, Place, RegisterTables } from "./register.ts";
import { isMissing, nextOf, type TableNames } from "./tables.ts";

export class SourceTables implements RegisterTables {
  readonly #database: Database;
  readonly #names: TableNames;

  constructor(database: Database, names: TableNames) {
    this.#database = database;
    this.#names = names;
  }

  /** Numbers the passes, so that a pass that ends late removes nothing of one that began after it. */
  nextRun(): Promise<number> {
    return this.#database.transaction((transaction) => nextOf(transaction, this.#names, "runs"));
  }

  async meet(source: string, run: number, names: string[]): Promise<Map<string, KnownDocument>> {
    const { documents, places } = this.#names;
    const rows = await this.#run<KnownDocument & { name: string }>(
      `WITH met AS (
        INSERT INTO ${documents} AS known (source, name, run) SELECT $1, name, $3 FROM unnest($2::text[]) AS name
        ON CONFLICT (source, name) DO UPDATE SET run = greatest(known.run, $3) RETURNING id, name, hash)
      SELECT id::text, name, hash, NOT EXISTS (
        SELECT FROM ${places} WHERE document_id = met.id AND ${isMissing(this.#names, "chunk_id")}
      ) AS "isWhole" FROM met`,
      [source, names, run],
    );
    return new Map(rows.map((row) => [row.name, row]));
  }

  async place(places: Place[]): Promise<Set<string>> {
    const { places: table, documents } = this.#names;
    const ids = places.map(({ chunk }) => chunk.id);
    const documentIds = places.map(({ documentId }) => documentId);
    const positions = places.map(({ position }) => position);
    const metadata = places.map(({ chunk }) => storableJson(chunk.metadata));
    const rows = await this.#database.transaction(async (transaction) => {
      await transaction.query(
        `INSERT INTO ${table} (document_id, position, chunk_id, metadata)
        SELECT * FROM unnest($1::bigint[], $2::integer[], $3::uuid[], $4::jsonb[])
        ON CONFLICT (document_id, position)
        DO UPDATE SET chunk_id = excluded.chunk_id, metadata = excluded.metadata`,
        [documentIds, positions, ids, metadata],
      );
      // From now on the document is incomplete. It counts as read only after its last chunk.
      await transaction.query(
        `UPDATE ${documents} SET hash = NULL WHERE id = ANY($1::bigint[]) AND hash IS NOT NULL`,
        [[...new Set(documentIds)]],
      );
      return transaction.query<{ id: string }>(
        `SELECT DISTINCT wanted::text AS id FROM unnest($1::uuid[]) AS wanted WHERE ${isMissing(this.#names, "wanted")}`,
        [ids],
      );
    });
    return new Set(rows.map(({ id }) => id));
  }

  async close(closed: ClosedDocument[]): Promise<void> {
    const { documents, places } = this.#names;
    const columns = [
      closed.map(({ id }) => id),
      closed.map(({ hash }) => hash),
      closed.map(({ places }) => places),
    ];
    const rows = "unnest($1::bigint[], $2::text[], $3::integer[]) AS closed (id, hash, places)";
    await this.#database.transaction(async (transaction) => {
      await transaction.query(
        `DELETE FROM ${places} USING ${rows} WHERE document_id = closed.id AND position >= closed.places`,
        columns,
      );
      await transaction.query(
        `UPDATE ${documents} AS document SET hash = closed.hash FROM ${rows} WHERE document.id = closed.id`,
        columns,
      );
    });
  }

  /**
   * Removes documents of the source that neither this pass nor a later one has seen, except those of files and folders that could
   * not be read (`keeps`). Also removes chunks that are in no document any more.
   */
  async removeGone(pass: { source: string; run: number; keeps: readonly string[] }) {
    const { documents, places, chunks, pending, refused } = this.#names;
    return this.#database.transaction(async (transaction) => {
      // Their places are deleted with them.
      const gone = await transaction.query(
        `DELETE FROM ${documents} WHERE source = $1 AND run < $2 AND NOT EXISTS (
          SELECT FROM unnest($3::text[]) AS kept
          WHERE name = kept OR starts_with(name, kept || '#') OR (kept LIKE '%/' AND starts_with(name, kept))
        ) RETURNING 1`,
        [pass.source, pass.run, pass.keeps],
      );
      const standsNowhere = `NOT EXISTS (SELECT FROM ${places} AS place WHERE place.chunk_id = row.id)`;
      const removed = await transaction.query(
        `DELETE FROM ${chunks} AS row WHERE ${standsNowhere} RETURNING 1`,
      );
      for (const table of [pending, refused])
        await transaction.query(`DELETE FROM ${table} AS row WHERE ${standsNowhere}`);
      return { documents: gone.length, chunks: removed.length };
    });
  }

  /** Sets the metadata of each chunk to those of its first place, as the document of that place may have changed or gone. */
  async refreshMetadata(): Promise<void> {
    const { chunks, places } = this.#names;
    await this.#run(
      `UPDATE ${chunks} AS chunk SET metadata = first.metadata FROM (
        SELECT DISTINCT ON (chunk_id) chunk_id, metadata FROM ${places} ORDER BY chunk_id, document_id, position
      ) AS first WHERE chunk.id = first.chunk_id AND chunk.metadata <> first.metadata`,
    );
  }

  #run<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return run<Row>(this.#database, sql, parameters);
  }
}
