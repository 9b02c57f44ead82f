/** a stream of JSONL or CSV -> one document for each record */
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { parse } from "csv-parse";
import { oneLine } from "../explain.ts";
import { IngestError } from "../ingest-error.ts";
import type { Format, SourceDocument } from "./source-document.ts";
import { storableText } from "./storable.ts";

/** Which members of a record are its text and its id. */
export interface RecordFields {
  textField: string;
  /** Where a record has none, its number stands for it. */
  idField: string;
}

export const fieldDefaults = { textField: "text", idField: "id" } as const satisfies RecordFields;

/** @throws IngestError naming the line that is no record with a text */
export async function* readJsonl(
  name: string,
  bytes: Readable,
  fields: RecordFields,
): AsyncGenerator<SourceDocument> {
  const lines = createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    const record = parseJson(line, `${name}:${number}`);
    yield toDocument({ name, number, format: "jsonl", fields, bytes: Buffer.byteLength(line) + 1 }, record);
  }
}

function parseJson(line: string, where: string): Record<string, unknown> {
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record === "object" && record !== null && !Array.isArray(record))
      return record as Record<string, unknown>;
  } catch {
    // No JSON: said below.
  }
  throw new IngestError("source", `${where} is no JSON object`);
}

/** The first line names the columns. @throws IngestError naming the line that is no record with a text */
export async function* readCsv(
  name: string,
  bytes: Readable,
  fields: RecordFields,
): AsyncGenerator<SourceDocument> {
  const rows = bytes.pipe(parse({ columns: true, bom: true, skip_empty_lines: true }));
  bytes.on("error", (error) => rows.destroy(error));
  let number = 0;
  let read = 0;
  try {
    for await (const record of rows) {
      number++;
      const bytes = rows.info.bytes - read;
      read = rows.info.bytes;
      yield toDocument({ name, number, format: "csv", fields, bytes }, record);
    }
  } catch (error) {
    if (
      !(error as Error).name.startsWith("CsvError") &&
      !/^CSV_/.test(String((error as { code?: string }).code))
    )
      throw error;
    throw new IngestError("source", `${name} is no CSV: ${oneLine((error as Error).message)}`, {
      cause: error,
    });
  }
}

interface Origin {
  name: string;
  number: number;
  format: Format;
  fields: RecordFields;
  bytes: number;
}

function toDocument(
  { name, number, format, fields, bytes }: Origin,
  record: Record<string, unknown>,
): SourceDocument {
  const { [fields.textField]: text, ...others } = record;
  if (typeof text !== "string") {
    const found = Object.keys(record).join(", ");
    throw new IngestError(
      "source",
      `Record ${number} of ${name} has no text in "${fields.textField}": name its field with --text-field (it has ${found})`,
    );
  }
  const id = record[fields.idField];
  const key = typeof id === "string" || typeof id === "number" ? String(id) : String(number);
  const clean = storableText(text);
  return {
    name: `${name}#${key}`,
    hash: createHash("sha256").update(JSON.stringify(record)).digest("hex"),
    metadata: { ...others, source: `${name}#${key}` },
    format,
    bytes,
    blocks: () => [{ text: clean }],
  };
}
