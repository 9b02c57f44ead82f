/** The figures of docs/good-answers.md are those that were measured. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const docs = new URL("../../docs/", import.meta.url);
const page = await readFile(new URL("good-answers.md", docs), "utf8");

/** Without the spaces that only line columns up. */
const cellsOf = (row: string) =>
  row
    .split("|")
    .map((cell) => cell.trim())
    .join("|");

test("every row of figures stands in a measured table", async () => {
  const files = (await readdir(new URL("measured/", docs))).filter((name) => name.endsWith(".md"));
  const pages = await Promise.all(files.map((name) => readFile(new URL(`measured/${name}`, docs), "utf8")));
  const measured = new Set(pages.flatMap((text) => text.split("\n")).map(cellsOf));
  const rows = page.split("\n").filter((line) => /^\|.*\b0\.\d{3}\b/.test(line));
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter((row) => !measured.has(cellsOf(row)))).toEqual([]);
});

test("every link leads to a file", () => {
  const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) => link ?? "");
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((link) => !existsSync(new URL(link, docs)))).toEqual([]);
});

test("every command is one that `npm run eval` has", async () => {
  const main = await readFile(new URL("main.ts", import.meta.url), "utf8");
  const studies = [...page.matchAll(/--study (\w+)/g)].map(([, study]) => study);
  expect(new Set(studies).size).toBe(6);
  for (const study of studies) expect(main).toMatch(new RegExp(`\\b${study}\\b`));
});
