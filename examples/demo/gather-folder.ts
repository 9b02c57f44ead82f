/** a folder of the user's -> the text files in it */
import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { BadInput } from "./bad-input.ts";
import { readTextFile, type TextFile } from "./text-file.ts";

const isText = /\.(?:md|mdx|markdown|txt)$/i;
const isSkipped = /(?:^|[\\/])(?:node_modules|\.[^\\/]+)(?:[\\/]|$)/;

/** Hidden folders and `node_modules` are left out. @throws BadInput when there is no such folder, or no text in it */
export async function gatherFolder(folder: string): Promise<TextFile[]> {
  const root = resolve(folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new BadInput(`--docs ${root}: ${reasons[error.code ?? ""] ?? error.message}`);
    },
  );
  const names = entries
    .filter((entry) => entry.isFile() && isText.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((name) => !isSkipped.test(name))
    .sort();
  if (names.length === 0) {
    throw new BadInput(`--docs ${root}: no .md, .mdx, .markdown or .txt file in this folder`);
  }
  return Promise.all(names.map((name) => readTextFile(join(root, name), name)));
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "this is a file; expected a folder",
  EACCES: "this folder may not be read",
};
