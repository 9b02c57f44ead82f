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
  return new Map(
    readRows(markdown, title).map(([name = "", value = ""]) => [name.replaceAll("`", ""), value]),
  );
}

/** The cells of the first table after `title`, without its head. */
function readRows(markdown: string, title: string): string[][] {
  const [, after = ""] = markdown.split(title);
  const [table = ""] = after.match(/(?:^\|.*\n?)+/m) ?? [];
  const rows = table.trim().split("\n").slice(2);
  return rows.map((row) =>
    row
      .split("|")
      .slice(1)
      .map((cell) => cell.trim()),
  );
}

/**
 * The table that follows `title` on a page about moving over tells true defaults, theirs in the first column and ours in the
 * second, and names all that a peer's instance keeps of its options.
 */
export async function expectTrueComparison(
  page: URL,
  title: string,
  theirs: { options: object; kept: string[] },
  ours: object,
): Promise<void> {
  const rows = readRows(await readFile(page, "utf8"), title);
  const [left, right] = [0, 1].map((at) => rows.map((row) => row[at]).join("\n")) as [string, string];
  expect(readDefaults(left)).toEqual(pick(theirs.options, readDefaults(left)));
  expect(readDefaults(right)).toEqual(pick(ours, readDefaults(right)));
  expect(Object.keys(readDefaults(left)).length).toBeGreaterThan(0);
  expect(theirs.kept.filter((name) => !new RegExp(`\\b${name}\\b`).test(left))).toEqual([]);
}

/** Every `name: value` in a text. */
function readDefaults(text: string): Record<string, unknown> {
  const written = text.matchAll(/`(\w+): ("[^"]*"|\d+|true|false)`/g);
  return Object.fromEntries([...written].map(([, name, value = ""]) => [name, JSON.parse(value)]));
}

function pick(values: object, names: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(names).map((name) => [name, (values as Record<string, unknown>)[name]]),
  );
}
