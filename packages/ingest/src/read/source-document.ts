/** What every reader gives: documents, each with its text in blocks, so that none has to be in memory whole. */

/** A stretch of text that is split by itself. */
export interface Block {
  text: string;
  /** The line of the file at which it begins, from 1; lines of chunks are counted from there. */
  line?: number;
  /** What holds for all of it, such as the page of a PDF. */
  metadata?: Record<string, unknown>;
}

/** One unit of change: when it is changed its chunks are looked at again, when it is gone they go. */
export interface SourceDocument {
  /** Unique in its source: a path inside the folder, and for a record `#` and its id or number. */
  name: string;
  /** Of its content. Absent where it is not known before reading, as of standard input: then it is always read. */
  hash?: string;
  metadata: Record<string, unknown>;
  format: Format;
  /** Of a record whose id another record of the file had before: the line that says so. Its name is another. */
  repeats?: string;
  /** How much of the source is read when this document is done. */
  bytes: number;
  blocks(): AsyncIterable<Block> | Iterable<Block>;
}

/** Something that could not be read, while the rest could. */
export interface Unreadable {
  kind: "unreadable";
  /** What a person looks for: a file, a folder ending in `/`, or `file:line`. */
  name: string;
  reason: string;
  /** Documents of this name, of records in a file of this name, or below a folder of this name: what the index has of them stays. */
  keeps: string;
}

/** What a source gives, one after the other. */
export type ReadEvent = { kind: "document"; document: SourceDocument } | Unreadable;

export const formats = ["markdown", "text", "html", "pdf", "jsonl", "csv"] as const;
/** How a file is read. */
export type Format = (typeof formats)[number];

/** By the end of the file's name, in lower case. */
export const extensions: Readonly<Record<string, Format>> = {
  ".md": "markdown",
  ".mdx": "markdown",
  ".markdown": "markdown",
  ".txt": "text",
  ".text": "text",
  ".rst": "text",
  ".adoc": "text",
  ".html": "html",
  ".htm": "html",
  ".xhtml": "html",
  ".pdf": "pdf",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".csv": "csv",
};
