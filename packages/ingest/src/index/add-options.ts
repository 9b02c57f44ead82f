/** The options of `addToIndex` -> checked options with their defaults, or an IngestError that names the option. */
import type { TogetherClient } from "@together-retrieval/core";
import { IngestError } from "../ingest-error.ts";
import { fieldDefaults } from "../read/read-records.ts";
import { type Format, formats } from "../read/source-document.ts";
import type { ProfileOption } from "./profile.ts";

/** Options of every function that opens an index. */
export interface IndexOptions {
  /** A folder (PGlite, in this process), or `postgres://user:password@host:port/database` with pgvector. */
  to: string;
  /** The schema that holds the index's tables: one database can hold several indexes. @default "retrieval" */
  schema?: string | undefined;
}

/** Options of `addToIndex`. */
export interface AddOptions extends IndexOptions {
  /**
   * Accepts another name of the model in the server's answers than when the index was made: both are the same model. The new name
   * is kept. @default false
   */
  sameModel?: boolean | undefined;
  /** Files and folders. Each is a source of its own. */
  paths?: string | string[] | undefined;
  /** Instead of `paths`: bytes, such as `process.stdin`; their `format` is "text" unless you say otherwise. */
  input?: AsyncIterable<Uint8Array | string> | undefined;
  /** The embedding model. Required for a new index; an index keeps its model. */
  model?: string | undefined;
  /** A known model's id, an object, or `false` for texts as they are. @default the profile of `model`, if known */
  profile?: ProfileOption | undefined;
  /** Read only files of this format; also the format of `input` and of a named file with an unknown ending. */
  format?: Format | undefined;
  /** The name under which the index remembers the source. @default the absolute path, or "stdin" */
  source?: string | undefined;
  /** Of JSONL and CSV: the member that holds the text. @default "text" */
  textField?: string | undefined;
  /** Of JSONL and CSV: the member that tells records apart; where it is missing, their number does. @default "id" */
  idField?: string | undefined;
  /** The most tokens in a chunk. @default 256, or less where the model takes less */
  chunkSize?: number | undefined;
  /** Tokens that a chunk shares with the one before. @default 32 */
  chunkOverlap?: number | undefined;
  /** Of a new index: the text search configuration of Postgres for hybrid searches, such as "german"; "simple" for none. @default "english" */
  language?: string | undefined;
  /** The most texts in one request, and the chunks in one job of a queue. @default 100 */
  batchSize?: number | undefined;
  /** Where refused chunks are written, a line of JSON each. @default "refused.jsonl" in the index's folder; none for a server */
  refusedFile?: string | undefined;
  /** Makes this a producer: chunks wait in Postgres for workers, which take their jobs from this Redis. */
  redis?: string | undefined;
  /** With `redis`: jobs of a lower number go first; 0 is first of all. @default 0 */
  priority?: number | undefined;
  /** @default a new client with the key in TOGETHER_API_KEY */
  client?: TogetherClient | undefined;
  /** Stops reading; what was sent is waited for and written, and the promise is rejected with its reason. */
  signal?: AbortSignal | undefined;
  /** Called after each document, and after each write. */
  onProgress?: ((progress: AddProgress) => void) | undefined;
  /** A line for each thing that was left out, such as a file that cannot be read. */
  onWarning?: ((message: string) => void) | undefined;
}

/** What a run has done so far. */
export interface AddProgress {
  /** Documents so far, including those that could not be read to their end; and how many of them had not changed. */
  documents: number;
  unchanged: number;
  /** Chunks that got their vector, or, with `redis`, their job. */
  chunks: number;
  refused: number;
  /** Prompt tokens that the API counted. */
  tokens: number;
  /** Of the source; `totalBytes` is undefined for a stream. */
  bytes: number;
  totalBytes: number | undefined;
}

/** What a run has done, and what it left out. */
export interface AddSummary extends AddProgress {
  /** Documents, and chunks, that are no longer in the source and were removed. */
  removedDocuments: number;
  removedChunks: number;
  /**
   * Files, folders and records that could not be read, with the reason; of one file's records the first 20. What the
   * index had of them is kept.
   */
  unreadable: { name: string; reason: string }[];
  /** How many there are in all. */
  unreadableCount: number;
  /** Records whose id an earlier record of their file has: each is kept, as a document of its own. */
  repeatedIds: number;
  /** Files of other formats, and the endings of their names, such as `.docx`. */
  skippedFiles: number;
  skippedEndings: string[];
  /** How searches of this index find the nearest vectors, in words. */
  searchIndex: string;
}

export const addDefaults = {
  schema: "retrieval",
  ...fieldDefaults,
  batchSize: 100,
  priority: 0,
} as const;

const isText = (value: unknown) => typeof value === "string" && value.trim() !== "";
const isWhole = (least: number, most: number) => (value: unknown) =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
const isFunction = (value: unknown) => typeof value === "function";
const isObject = (value: unknown) => typeof value === "object" && value !== null;

export type Check = [what: string, holds: (value: unknown) => boolean];

const text: Check = ["a non-empty string", isText];
const batch: Check = ["an integer from 1 to 1000", isWhole(1, 1_000)];

const checks = {
  to: text,
  schema: [
    "a name of at most 63 letters, digits and _",
    (value) => /^[a-z_][a-z0-9_]{0,62}$/i.test(String(value)),
  ],
  paths: [
    "a path, or an array of paths",
    (value) => isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText)),
  ],
  input: [
    "a stream, or another AsyncIterable of bytes",
    (value) => isObject(value) && Symbol.asyncIterator in Object(value),
  ],
  model: text,
  profile: [
    "the id of a known model, an object, or `false`",
    (value) => value === false || isText(value) || isObject(value),
  ],
  format: [`one of ${formats.join(", ")}`, (value) => formats.some((format) => format === value)],
  source: text,
  textField: text,
  idField: text,
  chunkSize: ["an integer from 1 up", isWhole(1, Number.MAX_SAFE_INTEGER)],
  chunkOverlap: ["an integer from 0 up", isWhole(0, Number.MAX_SAFE_INTEGER)],
  language: [
    "a text search configuration, a name of letters and _",
    (value) => /^[a-z_]+$/.test(String(value)),
  ],
  batchSize: batch,
  sameModel: ["a boolean", (value) => typeof value === "boolean"],
  refusedFile: text,
  redis: ["redis://host:port", (value) => /^rediss?:\/\//.test(String(value))],
  priority: ["an integer from 0 to 2097151", isWhole(0, 2_097_151)],
  client: ["a TogetherClient", isObject],
  signal: ["an AbortSignal", isObject],
  onProgress: ["a function", isFunction],
  onWarning: ["a function", isFunction],
} satisfies Record<keyof AddOptions, Check>;

/** The checks of other calls are some of these, and their own. @throws IngestError naming the option */
export function checkOptions(options: object, own: Record<string, Check>): void {
  for (const [name, value] of Object.entries(options)) {
    const check = own[name];
    if (!check)
      throw new IngestError(
        "usage",
        `Unknown option \`${name}\`: expected one of ${Object.keys(own).join(", ")}`,
      );
    if (value !== undefined && !check[1](value))
      throw new IngestError(
        "usage",
        `Expected \`${name}\` to be ${check[0]}, got ${JSON.stringify(value) ?? String(value)}`,
      );
  }
  if ("to" in own && !("to" in options))
    throw new IngestError("usage", "Expected `to` to be a folder or postgres://…, got none");
}

export interface ResolvedAddOptions extends AddOptions {
  schema: string;
  textField: string;
  idField: string;
  batchSize: number;
  priority: number;
  paths: string[];
}

/** @throws IngestError */
export function resolveAddOptions(options: AddOptions): ResolvedAddOptions {
  checkOptions(options, checks);
  if ((options.paths === undefined) === (options.input === undefined))
    throw new IngestError("usage", "Expected either `paths` or `input`");
  const paths = [options.paths ?? []].flat();
  if (options.source !== undefined && paths.length > 1)
    throw new IngestError("usage", "Expected `source` with one path: several would have the same name");
  refuseIdle(options);
  return {
    ...options,
    schema: options.schema ?? addDefaults.schema,
    textField: options.textField ?? addDefaults.textField,
    idField: options.idField ?? addDefaults.idField,
    batchSize: options.batchSize ?? addDefaults.batchSize,
    priority: options.priority ?? addDefaults.priority,
    paths,
  };
}

/** An option that would be ignored is worse than an error. @throws IngestError */
function refuseIdle(options: AddOptions): void {
  const { priority, redis, refusedFile, format, textField, idField } = options;
  const refuse = (words: string) => {
    throw new IngestError("usage", words);
  };
  if (redis === undefined && priority !== undefined)
    refuse("Expected `priority` with `redis`: without a queue there are no jobs to put in order");
  if (redis !== undefined && refusedFile !== undefined)
    refuse("Expected `refusedFile` without `redis`: refused chunks are kept in Postgres by the workers");
  const hasRecords = format === undefined || format === "jsonl" || format === "csv";
  const field = textField !== undefined ? "textField" : idField !== undefined ? "idField" : undefined;
  const isPlainInput = options.input !== undefined && format === undefined;
  if (field && (!hasRecords || isPlainInput))
    refuse(`Expected \`${field}\` with records: \`format\` is ${format ?? "text"}, not jsonl or csv`);
}

export const sharedChecks: Record<
  "to" | "schema" | "client" | "signal" | "redis" | "batchSize" | "refusedFile",
  Check
> = checks;
