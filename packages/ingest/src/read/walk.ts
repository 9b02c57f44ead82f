/** paths of files and folders -> the files that can be read, in the order of their names, and what cannot */
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { IngestError } from "../ingest-error.ts";
import { extensions, type Format, type Unreadable } from "./source-document.ts";

export interface SourceFile {
  kind: "file";
  path: string;
  /** Relative to the folder that was named, with `/` on every system; the file's own name when a file was named. */
  name: string;
  format: Format;
  bytes: number;
}

/** A file that no reader is for, by the end of its name. */
export interface OtherFile {
  kind: "other";
  ending: string;
}

export type WalkEvent = SourceFile | OtherFile | Unreadable;

/**
 * Folders are walked, one at a time in memory; hidden ones, `node_modules` and links are left out. A file that is named
 * itself is read whatever it is called. What fails below the path is told, and the rest goes on.
 * @param format for files whose name does not tell
 * @throws IngestError for a path that is not there, or a folder named itself that cannot be listed
 */
export async function* walk(path: string, format?: Format): AsyncGenerator<WalkEvent> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new IngestError(
      "source",
      `Cannot read ${path}: ${error.code === "ENOENT" ? "there is no such file or folder" : error.code}`,
    );
  });
  if (found.isDirectory()) {
    yield* walkFolder(path, await list(path), "", format);
    return;
  }
  const known = format ?? formatOf(path) ?? "text";
  yield { kind: "file", path, name: basename(path), format: known, bytes: found.size };
}

/** @throws IngestError */
async function list(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new IngestError("source", cannotRead(`the folder ${folder}`, error));
  }
}

async function* walkFolder(
  folder: string,
  entries: Dirent[],
  prefix: string,
  format?: Format,
): AsyncGenerator<WalkEvent> {
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    const name = `${prefix}${entry.name}`;
    if (entry.isFile()) yield* walkFile(path, name, format);
    else if (entry.isDirectory()) {
      const below = await list(path).catch((error: IngestError) => error);
      if (below instanceof IngestError)
        yield { kind: "unreadable", name: `${name}/`, reason: below.message, keeps: `${name}/` };
      else yield* walkFolder(path, below, `${name}/`, format);
    }
  }
}

async function* walkFile(path: string, name: string, format?: Format): AsyncGenerator<WalkEvent> {
  const known = formatOf(name);
  if (!known) yield { kind: "other", ending: extname(name).toLowerCase() || basename(name) };
  else if (format === undefined || format === known) {
    try {
      yield { kind: "file", path, name, format: known, bytes: (await stat(path)).size };
    } catch (error) {
      yield { kind: "unreadable", name, reason: cannotRead(path, error), keeps: name };
    }
  }
}

/** An error of the file system in words. */
export function cannotRead(what: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === "ENOENT" ? "it is no longer there" : (code ?? message);
  return `Cannot read ${what}: ${why}`;
}

function formatOf(path: string): Format | undefined {
  return extensions[extname(path).toLowerCase()];
}
