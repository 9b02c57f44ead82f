/** paths of files and folders -> the files that can be read, in the order of their names */
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { IngestError } from "../ingest-error.ts";
import { extensions, type Format } from "./source-document.ts";

export interface SourceFile {
  path: string;
  /** Relative to the folder that was named, with `/` on every system; the file's own name when a file was named. */
  name: string;
  format: Format;
  bytes: number;
}

/**
 * Folders are walked, one at a time in memory; hidden ones, `node_modules` and links are left out. A file that is named
 * itself is read whatever it is called.
 * @param format for files whose name does not tell
 * @throws IngestError for a path that is not there
 */
export async function* walk(path: string, format?: Format): AsyncGenerator<SourceFile> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new IngestError(
      "source",
      `Cannot read ${path}: ${error.code === "ENOENT" ? "there is no such file or folder" : error.code}`,
    );
  });
  if (found.isDirectory()) {
    yield* walkFolder(path, "", format);
    return;
  }
  yield { path, name: basename(path), format: format ?? formatOf(path) ?? "text", bytes: found.size };
}

async function* walkFolder(folder: string, prefix: string, format?: Format): AsyncGenerator<SourceFile> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new IngestError(
      "source",
      `Cannot read the folder ${folder}: ${(error as NodeJS.ErrnoException).code}`,
    );
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    const name = `${prefix}${entry.name}`;
    if (entry.isDirectory()) yield* walkFolder(path, `${name}/`, format);
    else if (entry.isFile()) {
      const known = formatOf(entry.name);
      if (known && (format === undefined || format === known))
        yield { path, name, format: known, bytes: (await stat(path)).size };
    }
  }
}

function formatOf(path: string): Format | undefined {
  return extensions[extname(path).toLowerCase()];
}
