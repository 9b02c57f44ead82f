/** two runs over the same records, the first of them the last to end -> every record still has its row */
import { TogetherClient } from "@together-retrieval/core";
import { addToIndex, verifyIndex } from "../../packages/ingest/src/index.ts";
import { dimensions } from "./api.ts";
import { expectEqual } from "./expect.ts";
import { type Field, model } from "./field.ts";
import { readRows } from "./rows.ts";

const schema = "together";
// More records than the first run looks up at a time, so that it has read most of them before the second begins.
const texts = Array.from({ length: 300 }, (_, at) => `Record ${at} of two runs`);

export async function together(field: Field): Promise<string> {
  const { api } = field;
  const to = field.postgres.address;
  const add = (input: AsyncIterable<string>) =>
    addToIndex({
      ...{ to, schema, input, source: "records", format: "jsonl", model, profile: { dimensions } },
      client: new TogetherClient({ apiKey: "any", baseURL: api.baseURL }),
    });
  const asked = new Promise<void>((resolve) => {
    api.onEvent = () => resolve();
  });
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const first = add(records(gate));
  await asked;
  await add(records());
  open();
  await first;
  const rows = await readRows(field, schema);
  expectEqual("the number of rows", rows.size, texts.length);
  const documents = await field.query<{ name: string }>(`SELECT name FROM "${schema}".documents`);
  expectEqual("the number of documents", documents.length, texts.length);
  expectEqual("what verify finds", (await verifyIndex({ to, schema })).faults, []);
  return `${rows.size} rows after two runs at a time over ${texts.length} records`;
}

/** A source whose last record comes when the gate opens. */
async function* records(gate?: Promise<void>): AsyncGenerator<string> {
  const lines = texts.map((text, id) => `${JSON.stringify({ id, text })}\n`);
  for (const line of lines.slice(0, -1)) yield line;
  await gate;
  yield lines.at(-1) ?? "";
}
