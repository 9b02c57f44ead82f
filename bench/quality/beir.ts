/** a folder in BEIR's format -> its documents, queries and judgements */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Found, judge, withTitle } from "./found.ts";

interface Entry {
  _id: string;
  title?: string;
  text: string;
}

/** `corpus.jsonl`, `queries.jsonl`, and the judgements in `qrels/test.tsv` or `qrels.tsv`. */
export function readBeir(folder: string): Found {
  const documents = readLines(join(folder, "corpus.jsonl")).map(({ _id, title, text }) => ({
    id: _id,
    text: withTitle(title, text),
  }));
  const queries = readLines(join(folder, "queries.jsonl")).map(({ _id, text }) => ({ id: _id, text }));
  const judgements: Found["judgements"] = new Map();
  const [header, ...rows] = linesOf(judgementsFile(folder));
  for (const row of isHeader(header) ? rows : [header ?? "", ...rows]) {
    const cells = row.split("\t");
    // TREC's own form has a second column that is always 0.
    const [query = "", document = ""] = cells.length > 3 ? [cells[0], cells[2]] : cells;
    judge(judgements, query, document, Number(cells.at(-1)));
  }
  return { documents, queries, judgements };
}

function judgementsFile(folder: string): string {
  const files = ["qrels/test.tsv", "qrels.tsv"].map((name) => join(folder, name));
  const found = files.find(existsSync);
  if (!found) throw new Error(`No judgements in ${folder}: expected qrels/test.tsv or qrels.tsv`);
  return found;
}

function isHeader(line: string | undefined): boolean {
  return Number.isNaN(Number(line?.split("\t").at(-1)));
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.replace(/\r$/, ""))
    .filter((line) => line !== "");
}

function readLines(file: string): Entry[] {
  return linesOf(file).map((line, at) => {
    try {
      return JSON.parse(line);
    } catch {
      throw new Error(`Line ${at + 1} of ${file} is not JSON`);
    }
  });
}
