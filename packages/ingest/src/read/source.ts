/** paths or a stream -> sources, each with its name, its size and its documents */
import { resolve } from "node:path";
import { IngestError } from "../ingest-error.ts";
import { readFileDocuments, readWhole } from "./read-document.ts";
import { type RecordFields, readCsv, readJsonl } from "./read-records.ts";
import { readText } from "./read-text.ts";
import { type Block, extensions, type Format, type ReadEvent } from "./source-document.ts";
import { storableName } from "./storable.ts";
import { walk } from "./walk.ts";

export interface Source {
  name: string;
  /** Of all its files; undefined for a stream. */
  bytes: number | undefined;
  /** Files that no reader is for: how many, by the end of their names. */
  others: Map<string, number>;
  read(): AsyncGenerator<ReadEvent>;
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
  if (input) return [streamSource(bytesOf(input), options)];
  return Promise.all(paths.map((path) => fileSource(path, options)));
}

async function fileSource(path: string, options: SourceOptions): Promise<Source> {
  const { format, source } = options;
  const others = new Map<string, number>();
  let bytes = 0;
  let found = 0;
  for await (const event of walk(path, format)) {
    if (event.kind === "other") others.set(event.ending, (others.get(event.ending) ?? 0) + 1);
    else found++;
    if (event.kind === "file") bytes += event.bytes;
  }
  if (found === 0) {
    const wanted = format ? `${format} files` : `files ending in ${Object.keys(extensions).join(", ")}`;
    throw new IngestError("source", `There is nothing to read in ${path}: expected ${wanted}`);
  }
  return {
    name: storableName(source ?? resolve(path)),
    ...{ bytes, others },
    async *read() {
      for await (const event of walk(path, format)) {
        if (event.kind === "file") yield* readFileDocuments(event, options);
        else if (event.kind === "unreadable") yield event;
      }
    },
  };
}

async function* bytesOf(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const part of input) yield typeof part === "string" ? Buffer.from(part) : part;
}

function streamSource(input: AsyncIterable<Uint8Array>, options: SourceOptions): Source {
  const { format = "text", source = "stdin" } = options;
  const name = storableName(source);
  return {
    name,
    bytes: undefined,
    others: new Map(),
    async *read() {
      try {
        if (format === "jsonl") yield* readJsonl(name, input, options);
        else if (format === "csv") yield* readCsv(name, input, options);
        else {
          const blocks = () => streamBlocks(input, name, format);
          const document = { name, metadata: { source: name }, format, bytes: 0, blocks };
          yield { kind: "document", document };
        }
      } catch (error) {
        // A stream that breaks is the caller's to know of; what it holds is told like a file's.
        if (!(error instanceof IngestError)) throw error;
        yield { kind: "unreadable", name, reason: error.message, keeps: name };
      }
    },
  };
}

async function* streamBlocks(
  input: AsyncIterable<Uint8Array>,
  name: string,
  format: Format,
): AsyncGenerator<Block> {
  if (format === "text" || format === "markdown") {
    yield* readText(input, name);
    return;
  }
  const parts: Uint8Array[] = [];
  for await (const part of input) parts.push(part);
  yield* await readWhole(Buffer.concat(parts), name, format);
}
