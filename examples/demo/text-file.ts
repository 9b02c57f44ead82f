/** a file -> its text under a name, or one line that says why it has none */
import { readFile } from "node:fs/promises";
import { BadInput } from "./bad-input.ts";

/** A text, and the name under which it is shown as a source. */
export interface TextFile {
  name: string;
  text: string;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** @throws BadInput for a file that cannot be read, or whose bytes are no text */
export async function readTextFile(path: string, name: string): Promise<TextFile> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new BadInput(`Cannot read ${name}: ${error.code}`);
  });
  try {
    // NUL is valid UTF-8, but no text has it.
    if (!bytes.includes(0)) return { name, text: utf8.decode(bytes) };
  } catch {
    // Not UTF-8: said below.
  }
  throw new BadInput(`${name} is a binary file; expected UTF-8 text`);
}
