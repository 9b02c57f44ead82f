/** a file -> one document (Markdown, text, HTML, PDF) or one for each record (JSONL, CSV) */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { IngestError } from "../ingest-error.ts";
import { type RecordFields, readCsv, readJsonl } from "./read-records.ts";
import { readText } from "./read-text.ts";
import type { Block, SourceDocument } from "./source-document.ts";
import type { SourceFile } from "./walk.ts";

/** HTML and PDF have to be in memory whole; text, Markdown, JSONL and CSV may be of any size. */
const wholeFileBytes = 256 * 2 ** 20;

export async function* readFileDocuments(
  file: SourceFile,
  fields: RecordFields,
): AsyncGenerator<SourceDocument> {
  if (file.format === "jsonl") yield* readJsonl(file.name, createReadStream(file.path), fields);
  else if (file.format === "csv") yield* readCsv(file.name, createReadStream(file.path), fields);
  else {
    yield {
      name: file.name,
      hash: await hashFile(file.path),
      metadata: { source: file.name },
      format: file.format,
      bytes: file.bytes,
      blocks: () => readBlocks(file),
    };
  }
}

async function* readBlocks({ path, name, format, bytes }: SourceFile): AsyncGenerator<Block> {
  if (format === "text" || format === "markdown") {
    yield* readText(createReadStream(path), name);
    return;
  }
  if (bytes > wholeFileBytes) {
    throw new IngestError(
      "source",
      `${name} is too large: expected at most ${wholeFileBytes / 2 ** 20} MiB of ${format}`,
    );
  }
  const content = await readFile(path);
  if (format === "pdf") yield* await (await import("./read-pdf.ts")).readPdf(content, name);
  else yield { text: (await import("./read-html.ts")).readHtml(content.toString("utf8")) };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path)) hash.update(part);
  return hash.digest("hex");
}
