/** A page's table of options, compared with the real options and defaults. */
import { readFile } from "node:fs/promises";
import { expect } from "vitest";

/** The table that follows `title` lists exactly these options, each with the default it has. */
export async function expectTrueTable(
  page: URL,
  title: string,
  names: string[],
  defaults: object,
): Promise<void> {
  const options = readTable(await readFile(page, "utf8"), title);
  expect([...options.keys()].sort()).toEqual([...names].sort());
  for (const [name, written] of options) {
    const value: unknown = (defaults as Record<string, unknown>)[name];
    if (value === undefined) expect(written).not.toMatch(/^`("|\d|true|false)/);
    else expect(written).toContain(`\`${JSON.stringify(value)}\``);
  }
}

/** The first column without its quotes -> the second. */
function readTable(markdown: string, title: string): Map<string, string> {
  const [, after = ""] = markdown.split(title);
  const rows = after.split("\n\n")[1]?.split("\n").slice(2) ?? [];
  return new Map(
    rows.map((row) => {
      const [, name = "", value = ""] = row.split("|").map((cell) => cell.trim());
      return [name.replaceAll("`", ""), value];
    }),
  );
}
