/** a stream of JSONL or CSV -> one document for each record; one that is none is told by its line, and the others go on */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { oneLine } from "../explain.ts";
import { KeyCounts } from "./key-counts.ts";
import { broken, readLines } from "./read-lines.ts";
import type { Format, ReadEvent, Unreadable } from "./source-document.ts";
import { storableName, storableText } from "./storable.ts";

/** Which members of a record are its text and its id. */
export interface RecordFields {
  textField: string;
  /** Where a record has none, its number stands for it. */
  idField: string;
}

export const fieldDefaults = { textField: "text", idField: "id" } as const satisfies RecordFields;

export async function* readJsonl(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  fields: RecordFields,
): AsyncGenerator<ReadEvent> {
  const reader = new RecordReader(name, "jsonl", fields);
  let number = 0;
  for await (const line of readLines(bytes, name)) {
    number++;
    if (line.trim() === "") continue;
    const where = { number, line: number, bytes: Buffer.byteLength(line) };
    const record = line.includes(broken) ? "has bytes that are no UTF-8" : parseJson(line);
    yield typeof record === "string" ? reader.refuse(where, record) : reader.read(where, record);
  }
}

/** @returns the object, or what is wrong with the line */
function parseJson(line: string): Record<string, unknown> | string {
  try {
    const record: unknown = JSON.parse(keepLongIntegers(line));
    if (typeof record === "object" && record !== null && !Array.isArray(record))
      return record as Record<string, unknown>;
  } catch {
    // No JSON: said below.
  }
  return "is no JSON object";
}

/** Integers that a double would round, such as 64-bit ids, become strings of the digits that were written. */
function keepLongIntegers(line: string): string {
  if (!/\d{16}/.test(line)) return line;
  return line.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    /^-?\d{16,}$/.test(token) && String(Number(token)) !== token ? `"${token}"` : token,
  );
}

/** The first line names the columns. */
export async function* readCsv(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  fields: RecordFields,
): AsyncGenerator<ReadEvent> {
  const reader = new RecordReader(name, "csv", fields);
  const skipped: ReadEvent[] = [];
  let number = 0;
  let read = 0;
  const rows = parse({
    ...{ columns: true, skip_empty_lines: true, skip_records_with_error: true, info: true },
    // A quote in the middle of a field is read as what it is.
    relax_quotes: true,
    on_skip: (error) => {
      number++;
      const where = { number, line: Number(error?.lines ?? number), bytes: 0 };
      skipped.push(reader.refuse(where, `is no row of CSV: ${oneLine(String(error?.message))}`));
      return undefined;
    },
  });
  const lines = Readable.from(readLines(bytes, name));
  lines.on("error", (error) => rows.destroy(error));
  try {
    for await (const { record, info } of lines.pipe(rows)) {
      yield* skipped.splice(0);
      number++;
      const where = { number, line: info.lines, bytes: info.bytes - read };
      read = info.bytes;
      const isBroken = Object.values(record).some((value) => String(value).includes(broken));
      yield isBroken ? reader.refuse(where, "has bytes that are no UTF-8") : reader.read(where, record);
    }
    yield* skipped.splice(0);
  } catch (error) {
    yield* skipped.splice(0);
    if (!/^CSV_/.test(String((error as { code?: string }).code))) throw error;
    const reason = `${name} is no CSV: ${oneLine((error as Error).message)}`;
    yield { kind: "unreadable", name, reason, keeps: name };
  } finally {
    lines.destroy();
  }
}

interface Where {
  /** Of the record. */
  number: number;
  /** Of the file: the last one of the record. */
  line: number;
  bytes: number;
}

class RecordReader {
  readonly #name: string;
  readonly #format: Format;
  readonly #fields: RecordFields;
  readonly #keys = new KeyCounts();

  constructor(name: string, format: Format, fields: RecordFields) {
    this.#name = name;
    this.#format = format;
    this.#fields = fields;
  }

  read(where: Where, record: Record<string, unknown>): ReadEvent {
    const { textField, idField } = this.#fields;
    const { [textField]: text, ...others } = record;
    const id = record[idField];
    const hasId = (typeof id === "string" && id.trim() !== "") || typeof id === "number";
    const key = hasId ? String(id) : String(where.number);
    const name = storableName(`${this.#name}#${this.#keys.nameFor(key)}`);
    if (typeof text !== "string") {
      const found = Object.keys(record).join(", ");
      const reason = `has no text in "${textField}": name its field with --text-field (it has ${found})`;
      return { ...this.refuse(where, reason), keeps: name };
    }
    const isRepeated = name !== storableName(`${this.#name}#${key}`);
    const clean = storableText(text);
    return {
      kind: "document",
      document: {
        name,
        hash: createHash("sha256").update(JSON.stringify(record)).digest("hex"),
        metadata: { ...others, source: name },
        format: this.#format,
        bytes: where.bytes,
        blocks: () => [{ text: clean }],
        ...(isRepeated && {
          repeats: `${this.#name}:${where.line} has the id ${JSON.stringify(key)} of an earlier record: it is kept apart as ${name}`,
        }),
      },
    };
  }

  /** Which record it is, is not known: what the index has of the file stays. */
  refuse({ line }: Where, why: string): Unreadable {
    const name = `${this.#name}:${line}`;
    return { kind: "unreadable", name, reason: `${name} ${why}`, keeps: this.#name };
  }
}
