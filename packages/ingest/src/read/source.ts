/** paths or a stream -> sources, each with its name, its size and its documents */
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { IngestError } from "../ingest-error.ts";
import { readFileDocuments } from "./read-document.ts";
import { readHtml } from "./read-html.ts";
import { type RecordFields, readCsv, readJsonl } from "./read-records.ts";
import { readText } from "./read-text.ts";
import { type Block, extensions, type Format, type SourceDocument } from "./source-document.ts";
import { walk } from "./walk.ts";

export interface Source {
  name: string;
  /** Of all its files; undefined for a stream. */
  bytes: number | undefined;
  documents(onUnreadable: (name: string, error: unknown) => void): AsyncGenerator<SourceDocument>;
}

export interface SourceOptions extends RecordFields {
  paths: string[];
  input?: AsyncIterable<Uint8Array | string> | undefined;
  format?: Format | undefined;
  source?: string | undefined;
}

/** @throws IngestError for a path that is not there, and for a folder with nothing to read */
export async function sourcesOf(options: SourceOptions): Promise<Source[]> {
  const { input, paths } = options;
  if (input) return [streamSource(Readable.from(bytesOf(input)), options)];
  return Promise.all(paths.map((path) => fileSource(path, options)));
}

async function fileSource(path: string, options: SourceOptions): Promise<Source> {
  const { format, source } = options;
  let bytes = 0;
  let files = 0;
  for await (const file of walk(path, format)) {
    files++;
    bytes += file.bytes;
  }
  if (files === 0) {
    const wanted = format ? `${format} files` : `files ending in ${Object.keys(extensions).join(", ")}`;
    throw new IngestError("source", `There is nothing to read in ${path}: expected ${wanted}`);
  }
  return {
    name: source ?? resolve(path),
    bytes,
    async *documents(onUnreadable) {
      for await (const file of walk(path, format)) {
        try {
          yield* readFileDocuments(file, options);
        } catch (error) {
          onUnreadable(file.name, error);
        }
      }
    },
  };
}

async function* bytesOf(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const part of input) yield typeof part === "string" ? Buffer.from(part) : part;
}

function streamSource(input: Readable, options: SourceOptions): Source {
  const { format = "text", source = "stdin" } = options;
  return {
    name: source,
    bytes: undefined,
    async *documents(onUnreadable) {
      try {
        if (format === "jsonl") yield* readJsonl(source, input, options);
        else if (format === "csv") yield* readCsv(source, input, options);
        else yield streamDocument(input, source, format);
      } catch (error) {
        onUnreadable(source, error);
      }
    },
  };
}

function streamDocument(input: Readable, name: string, format: Format): SourceDocument {
  return {
    name,
    metadata: { source: name },
    format,
    bytes: 0,
    blocks: () => streamBlocks(input, name, format),
  };
}

async function* streamBlocks(input: Readable, name: string, format: Format): AsyncGenerator<Block> {
  if (format === "text" || format === "markdown") {
    yield* readText(input, name);
    return;
  }
  const parts: Buffer[] = [];
  for await (const part of input) parts.push(Buffer.from(part));
  const content = Buffer.concat(parts);
  if (format === "html") yield { text: readHtml(content.toString("utf8")) };
  else yield* await (await import("./read-pdf.ts")).readPdf(content, name);
}
