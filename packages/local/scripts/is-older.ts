/** a file and its sources -> whether it must be made again */
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** True when the file is missing, or older than any of the files or of the files in the folders. */
export async function isOlder(file: string, sources: string[]): Promise<boolean> {
  if (!existsSync(file)) return true;
  const made = await stat(file);
  for (const source of sources) {
    const found = await stat(source);
    const files = found.isDirectory() ? (await readdir(source)).map((name) => join(source, name)) : [source];
    for (const each of files) if ((await stat(each)).mtimeMs > made.mtimeMs) return true;
  }
  return false;
}
