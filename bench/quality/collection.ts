/** a folder -> a test collection: documents, queries, and which documents are relevant to which query */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { readBeir } from "./beir.ts";
import { readCranfield } from "./cranfield.ts";
import type { Collection, Found } from "./found.ts";

/** @throws Error in one line, for a folder that holds no collection */
export function readCollection(folder: string): Collection {
  const reader = readerOf(folder);
  const { documents, queries, judgements } = reader(folder);
  // Documents without a word cannot be found, and an API may refuse them.
  const withText = documents.filter(({ text }) => text.trim() !== "");
  const ids = new Set(withText.map(({ id }) => id));
  const relevant = new Map<string, Map<string, number>>();
  for (const [query, grades] of judgements) {
    const kept = [...grades].filter(([document, grade]) => grade > 0 && ids.has(document));
    if (kept.length > 0) relevant.set(query, new Map(kept));
  }
  const asked = queries.filter(({ id, text }) => relevant.has(id) && text.trim() !== "");
  if (asked.length === 0) throw new Error(`No query of ${folder} has a relevant document`);
  return { name: basename(folder), documents: withText, queries: asked, judgements: relevant };
}

function readerOf(folder: string): (folder: string) => Found {
  if (existsSync(join(folder, "corpus.jsonl"))) return readBeir;
  if (existsSync(join(folder, "cran.all"))) return readCranfield;
  throw new Error(`No collection in ${folder}: expected BEIR's corpus.jsonl, or Cranfield's cran.all`);
}
