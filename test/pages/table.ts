/** A page and a heading -> the rows of the table that follows it, as cells. */
import { readFile } from "node:fs/promises";

/** @throws Error when the page has no such heading, or no table behind it */
export async function readTable(page: URL, heading: string): Promise<string[][]> {
  const [, after] = `\n${await readFile(page, "utf8")}`.split(`\n${heading}\n`);
  const [, table] = /\n\|[^\n]+\n\|[ :|-]+\n((?:\|[^\n]*\n)+)/.exec(after ?? "") ?? [];
  if (!table) throw new Error(`Expected a table behind "${heading}" in ${page.pathname}`);
  return table
    .trim()
    .split("\n")
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** A message as a page quotes it, with "…" for what differs from case to case -> what matches it. */
export function asPattern(quoted: string): RegExp {
  const words = quoted.replaceAll(/^`+ ?| ?`+$/g, "").split("…");
  return new RegExp(words.map(literally).join(".*"), "s");
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
