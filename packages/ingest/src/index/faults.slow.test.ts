/** What may be wrong with files, records, options and signals, and what `addToIndex` makes of it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TogetherClient } from "@together-retrieval/core";
import { type AwkwardServer, startServer } from "@together-retrieval/test-server/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AddOptions, addToIndex, indexStatus, searchIndex, verifyIndex } from "../index.ts";

// Opening a database takes a second, and on a busy machine many.
const timeout = 120_000;
const profile = { dimensions: 8 };

let server: AwkwardServer;
let scratch: string;
let client: TogetherClient;
beforeAll(async () => {
  server = await startServer();
  scratch = await mkdtemp(join(tmpdir(), "ingest-faults-"));
  client = new TogetherClient({ apiKey: "any", baseURL: server.baseURL, maxRetries: 0 });
});
afterAll(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
});

async function makeFolder(name: string, files: Record<string, string | Buffer>): Promise<string> {
  const folder = join(scratch, name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(join(folder, file, ".."), { recursive: true });
    await writeFile(join(folder, file), content);
  }
  return folder;
}

test("one bad file of any kind is named and the others are stored; what the index had of it stays", {
  timeout,
}, async () => {
  const docs = await makeFolder("docs", {
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
  const to = join(scratch, "index");
  const warnings: string[] = [];
  const options: AddOptions = { paths: docs, to, model: "m", profile, client };
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

  // A file, and a folder with its files, that go between the listing and the reading: told, and what the index had of them stays.
  server.requests.splice(0);
  const names: string[] = [];
  await writeFile(join(docs, "a.md"), "Wasps make paper.");
  const again = await addToIndex({
    ...options,
    paths: [docs],
    onProgress: async () => {
      // The first document is met when the listing is done and its siblings are not yet read.
      await rm(join(docs, "below"), { recursive: true, force: true });
    },
    onWarning: (message) => names.push(message),
  });
  expect(again).toMatchObject({ chunks: 1 });
  expect((await indexStatus({ to })).documents).toBeGreaterThanOrEqual(8);
});

test("an aborted signal's own reason is the answer, before anything is opened and later", {
  timeout,
}, async () => {
  const docs = await makeFolder("aborted", { "a.txt": "A text" });
  const reason = new Error("The user left");
  const to = join(scratch, "aborted-index");
  const options: AddOptions = { paths: docs, to, model: "m", profile, client };
  const early = { to, client, signal: AbortSignal.abort(reason) };
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
  const options: AddOptions = { paths: scratch, to: join(scratch, "none"), model: "m", ...idle };
  await expect(addToIndex(options)).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining(words),
  });
});

test("candidates without a reranker are refused before the index is opened", async () => {
  await expect(searchIndex("?", { to: join(scratch, "none"), candidates: 9 })).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining("`candidates` with `rerankModel`"),
  });
});
