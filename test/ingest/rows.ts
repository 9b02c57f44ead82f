/** a schema of the run's Postgres -> text -> its id, metadata and vector; a text that is there twice is an error */
import { vectorOf } from "@together-retrieval/test-server/honest";
import { dimensions } from "./api.ts";
import { expectEqual } from "./expect.ts";
import type { Field } from "./field.ts";

interface Row {
  id: string;
  document: string;
  metadata: unknown;
  vector: string;
}

export async function readRows(field: Field, schema: string): Promise<Map<string, Omit<Row, "document">>> {
  const rows = await field.query<Row>(
    `SELECT id::text, document, metadata, embeddings::text AS vector FROM "${schema}".chunks ORDER BY document`,
  );
  const found = new Map<string, Omit<Row, "document">>();
  for (const { document, ...row } of rows) {
    expectEqual(`a second row of "${document}"`, found.has(document), false);
    const vector = (JSON.parse(row.vector) as number[]).map(Math.fround);
    expectEqual(`the vector of "${document}"`, vector, vectorOf(document, dimensions));
    found.set(document, row);
  }
  return found;
}
