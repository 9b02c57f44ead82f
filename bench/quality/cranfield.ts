/** a folder in Cranfield's format -> its documents, queries and judgements */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Found, judge, withTitle } from "./found.ts";

/** `cran.all`, `cran.qry`, `cranqrel`. Judgements count queries by their position; codes from 1 up are relevant, alike. */
export function readCranfield(folder: string): Found {
  const documents = records(folder, "cran.all").map(({ I = "", T = "", W = "" }) => ({
    id: I,
    text: withTitle(T, W),
  }));
  const queries = records(folder, "cran.qry").map(({ W = "" }, at) => ({
    id: String(at + 1),
    text: W.replace(/\s+/g, " "),
  }));
  const judgements: Found["judgements"] = new Map();
  for (const line of read(folder, "cranqrel").trim().split("\n")) {
    const [query = "", document = "", code] = line.trim().split(/\s+/);
    // The codes grade in reverse (1 is best) and unevenly, so only relevant or not is used.
    if (Number(code) > 0) judge(judgements, query, document, 1);
  }
  return { documents, queries, judgements };
}

/** The records of a file, each with its fields by their letter. */
function records(folder: string, name: string): Record<string, string>[] {
  return read(folder, name)
    .split(/^\.I /m)
    .slice(1)
    .map((record) => {
      const [id = "", ...fields] = record.split(/^\.(?=[A-Z]$)/m);
      return Object.fromEntries([
        ["I", id.trim()],
        ...fields.map((field) => [field.charAt(0), field.slice(1).trim()]),
      ]);
    });
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8").replaceAll("\r", "");
}
