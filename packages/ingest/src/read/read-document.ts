/** a file -> one document (Markdown, text, HTML, PDF) or one for each record (JSONL, CSV) */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { IngestError } from "../ingest-error.ts";
import { type RecordFields, readCsv, readJsonl } from "./read-records.ts";
import { readText } from "./read-text.ts";
import type { Block, ReadEvent } from "./source-document.ts";
import { storableName } from "./storable.ts";
import { cannotRead, type SourceFile } from "./walk.ts";

/** HTML and PDF have to be in memory whole; text, Markdown, JSONL and CSV may be of any size. */
const wholeFileBytes = 256 * 2 ** 20;

/** Whatever goes wrong with the file is told of it, and ends nothing but its own reading. */
export async function* readFileDocuments(file: SourceFile, fields: RecordFields): AsyncGenerator<ReadEvent> {
  const { path, name, format, bytes } = file;
  if (format === "jsonl" || format === "csv") {
    const read = format === "jsonl" ? readJsonl : readCsv;
    try {
      yield* read(name, createReadStream(path), fields);
    } catch (error) {
      yield { kind: "unreadable", name, reason: reasonOf(path, error), keeps: name };
    }
    return;
  }
  // One that cannot be read is met all the same, and counts as unfinished: its blocks say why.
  const hash = await hashFile(path).catch(() => undefined);
  const document = { ...(hash !== undefined && { hash }), name: storableName(name), format, bytes };
  const blocks = () => readBlocks(file);
  yield { kind: "document", document: { ...document, metadata: { source: storableName(name) }, blocks } };
}

/** @throws IngestError for whatever is wrong with the file */
async function* readBlocks({ path, name, format, bytes }: SourceFile): AsyncGenerator<Block> {
  try {
    if (format === "text" || format === "markdown") yield* readText(createReadStream(path), name);
    else if (bytes > wholeFileBytes) throw tooLarge(name, format);
    else yield* await readWhole(await readFile(path), name, format);
  } catch (error) {
    throw new IngestError("source", reasonOf(path, error), { cause: error });
  }
}

/** @throws IngestError for what is no HTML, or no PDF */
export async function readWhole(content: Uint8Array, name: string, format: string): Promise<Block[]> {
  if (format === "pdf") return (await import("./read-pdf.ts")).readPdf(content, name);
  return [{ text: (await import("./read-html.ts")).readHtml(content, name) }];
}

function tooLarge(name: string, format: string): IngestError {
  const most = `${wholeFileBytes / 2 ** 20} MiB of ${format}`;
  return new IngestError("source", `${name} is too large: expected at most ${most}`);
}

function reasonOf(path: string, error: unknown): string {
  return error instanceof IngestError ? error.message : cannotRead(path, error);
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path)) hash.update(part);
  return hash.digest("hex");
}
