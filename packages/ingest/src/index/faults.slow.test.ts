/** What may be wrong with files, records, options and signals, and what `addToIndex` makes of it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type AddOptions, addToIndex, indexStatus, searchIndex, verifyIndex } from "../index.ts";
import { profile, timeout, useScratch } from "./scratch.ts";

const scratch = useScratch();

test("one bad file of any kind is named and the others are stored; what the index had of it stays", {
  timeout,
}, async () => {
  const docs = await scratch.write("docs", {
    "a.md": "Bees make honey.",
    "below/b.txt": "Salt keeps fish.",
    "below/gone.txt": "An ox pulls a plough.",
    "c.jsonl": [
      { id: 1, text: "One" },
      { id: 1, text: "Another one", "nul\0key": "\ud800" },
      { id: "nul\0", text: "Three" },
      { id: 4 },
      { id: 5, text: "Five" },
    ]
      .map((record) => JSON.stringify(record))
      .join("\n"),
    "nul.html": "<p>With a \0 byte</p>",
    "nul.txt": "a\0b",
    "no.pdf": "no pdf",
    "report.docx": "",
    "script.py": "",
    Makefile: "",
  });
  const to = scratch.path("index");
  const warnings: string[] = [];
  const options: AddOptions = { paths: docs, to, model: "m", profile, client: scratch.client };
  const onWarning = (message: string) => warnings.push(message);
  const summary = await addToIndex({ ...options, onWarning });
  expect(summary).toMatchObject({
    ...{ documents: 10, chunks: 7, unreadableCount: 4, repeatedIds: 1 },
    ...{ skippedFiles: 3, skippedEndings: [".docx", ".py", "Makefile"] },
  });
  expect(summary.unreadable.map(({ name }) => name)).toEqual(["c.jsonl:4", "no.pdf", "nul.html", "nul.txt"]);
  expect(warnings).toEqual([
    expect.stringMatching(/^c\.jsonl:4 has no text in "text"/),
    expect.stringMatching(
      /^c\.jsonl:2 has the id "1" of an earlier record: it is kept apart as c\.jsonl#1~2$/,
    ),
    expect.stringMatching(/^Cannot read no\.pdf as PDF/),
    expect.stringMatching(/^nul\.html is no text/),
    expect.stringMatching(/^nul\.txt is no text/),
  ]);
  expect(await indexStatus({ to })).toMatchObject({ documents: 10, unfinished: 3, chunks: 7 });
  expect((await verifyIndex({ to })).faults).toEqual([]);
});

test("a file and a folder that go between the listing and the reading are named; what the index had of them stays", {
  timeout,
}, async () => {
  // More files than the register looks up at a time: when it tells of the first, the last are listed and not yet read.
  const many = Array.from({ length: 300 }, (_, at) => [`a/${at}.txt`, "The same text"]);
  const last = { "b/below.txt": "In a folder", "c.txt": "In a file" };
  const docs = await scratch.write("going", { ...Object.fromEntries(many), ...last });
  const to = scratch.path("going-index");
  const options: AddOptions = { paths: docs, to, model: "m", profile, client: scratch.client };
  await addToIndex(options);
  const warnings: string[] = [];
  const summary = await addToIndex({
    ...options,
    onProgress() {
      for (const name of ["b", "c.txt"]) rmSync(join(docs, name), { recursive: true, force: true });
    },
    onWarning: (message) => warnings.push(message),
  });
  expect(warnings).toEqual([
    expect.stringMatching(/^Cannot read the folder .*b: it is no longer there/),
    expect.stringMatching(/^Cannot read .*c\.txt: it is no longer there/),
  ]);
  expect(summary).toMatchObject({
    documents: 300,
    unreadableCount: 2,
    removedDocuments: 0,
    removedChunks: 0,
  });
  expect(await indexStatus({ to })).toMatchObject({ documents: 302, chunks: 3 });
  // When they are not in the next listing, they are gone.
  expect(await addToIndex(options)).toMatchObject({ removedDocuments: 2, removedChunks: 2 });
});

test("an aborted signal's own reason is the answer, before anything is opened and later", {
  timeout,
}, async () => {
  const docs = await scratch.write("aborted", { "a.txt": "A text" });
  const reason = new Error("The user left");
  const to = scratch.path("aborted-index");
  const options: AddOptions = { paths: docs, to, model: "m", profile, client: scratch.client };
  const early = { to, client: scratch.client, signal: AbortSignal.abort(reason) };
  await expect(addToIndex({ ...options, ...early })).rejects.toBe(reason);
  await expect(searchIndex("?", early)).rejects.toBe(reason);
  const stop = new AbortController();
  const late = { ...options, signal: stop.signal, onProgress: () => stop.abort("enough") };
  await expect(addToIndex(late)).rejects.toBe("enough");
});

test.each([
  [{ priority: 1 }, "`priority` with `redis`"],
  [{ redis: "redis://x", refusedFile: "x", to: "postgres://x" }, "`refusedFile` without `redis`"],
  [{ format: "markdown", textField: "body" }, "`textField` with records"],
  [{ format: "pdf", idField: "key" }, "`idField` with records"],
] as const)("an option that would do nothing is refused: %o", async (idle, words) => {
  const options: AddOptions = { paths: scratch.path("."), to: scratch.path("none"), model: "m", ...idle };
  await expect(addToIndex(options)).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining(words),
  });
});

test("candidates without a reranker are refused before the index is opened", async () => {
  await expect(searchIndex("?", { to: scratch.path("none"), candidates: 9 })).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining("`candidates` with `rerankModel`"),
  });
});
