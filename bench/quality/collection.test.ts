import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readCollection } from "./collection.ts";

const folders: string[] = [];

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "collection-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const lines = (...entries: object[]) => `${entries.map((entry) => JSON.stringify(entry)).join("\n")}\n`;
const corpus = lines(
  { _id: "d1", title: "Title", text: "Body" },
  { _id: "d2", title: "", text: "Alone" },
  { _id: "d3", title: "", text: " " },
);
const asked = lines(
  { _id: "q1", text: "first?" },
  { _id: "q2", text: "second?" },
  { _id: "q3", text: "third?" },
);
const judged = "q1\td1\t2\nq1\td2\t0\nq2\td3\t1\n";

describe("a collection", () => {
  it.for([
    ["qrels.tsv", `query-id\tcorpus-id\tscore\n${judged}`],
    ["qrels/test.tsv", `query-id\tcorpus-id\tscore\r\n${judged.replaceAll("\n", "\r\n")}`],
    ["qrels.tsv", judged],
    ["qrels.tsv", judged.replaceAll("\td", "\t0\td")],
  ] as const)("in BEIR's format is read, with judgements in %s", ([name, judgements]) => {
    const folder = folderOf({ "corpus.jsonl": corpus, "queries.jsonl": asked, [name]: judgements });
    const { documents, queries, judgements: found } = readCollection(folder);
    expect(documents).toEqual([
      { id: "d1", text: "Title\nBody" },
      { id: "d2", text: "Alone" },
    ]);
    // Of q2 the only relevant document has no text; of q3 nothing is known.
    expect(queries).toEqual([{ id: "q1", text: "first?" }]);
    expect(found).toEqual(new Map([["q1", new Map([["d1", 2]])]]));
  });

  it("in Cranfield's format is read: queries by their place, codes from 1 up alike, titles once", () => {
    const folder = folderOf({
      "cran.all":
        ".I 1\n.T\non wings .\n.A\nsomeone\n.B\n1958\n.W\non wings .\nbody one\n.I 2\n.T\nheat .\n.A\n.B\n.W\nother\nbody\n",
      "cran.qry": ".I 007\n.W\nwhat\nof wings .\n.I 013\n.W\nheat ?\n",
      cranqrel: "1 1 3 \n1 2 -1\n2 2  1\n",
    });
    const { documents, queries, judgements } = readCollection(folder);
    expect(documents).toEqual([
      { id: "1", text: "on wings .\nbody one" },
      { id: "2", text: "heat .\nother\nbody" },
    ]);
    expect(queries).toEqual([
      { id: "1", text: "what of wings ." },
      { id: "2", text: "heat ?" },
    ]);
    expect(judgements.get("1")).toEqual(new Map([["1", 1]]));
    expect(judgements.get("2")).toEqual(new Map([["2", 1]]));
  });

  it.for([
    [{}, /No collection in .*corpus\.jsonl.*cran\.all/],
    [{ "corpus.jsonl": corpus, "queries.jsonl": asked }, /No judgements in .*qrels/],
    [
      { "corpus.jsonl": "{}\nno", "queries.jsonl": asked, "qrels.tsv": judged },
      /Line 2 of .*corpus\.jsonl is not JSON/,
    ],
    [
      { "corpus.jsonl": corpus, "queries.jsonl": asked, "qrels.tsv": "q9\td1\t1\n" },
      /No query of .* relevant/,
    ],
  ] as const)("that is none is an error of one line: %#", ([files, message]) => {
    expect(() => readCollection(folderOf(files))).toThrow(message);
  });
});
