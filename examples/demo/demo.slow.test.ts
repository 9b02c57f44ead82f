/** The demo as a process, on small folders made for the test: what it finds, and what it says about bad input. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startLocalServer } from "@together-retrieval/local";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ended, runExample } from "../run-example.ts";
import { copyInstalled } from "./installed.ts";
import { questionsOnInstalled } from "./questions.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

let folder: string;
let docs: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "together-demo-"));
  docs = join(folder, "docs");
  await mkdir(join(docs, "node_modules"), { recursive: true });
  await mkdir(join(folder, "empty"));
  await mkdir(join(folder, "binary"));
  await mkdir(join(folder, "pictures"));
  await mkdir(join(folder, "nul"));
  await writeFile(join(docs, "ferry.md"), ferry);
  await writeFile(
    join(docs, "lighthouse.txt"),
    "The lighthouse is open on Sundays.\n\nIts lamp turns once in ten seconds.",
  );
  await writeFile(join(docs, "map.png"), picture);
  await writeFile(join(docs, "node_modules", "README.md"), "The ferry costs nothing.");
  await writeFile(join(folder, "binary", "guide.md"), picture);
  await writeFile(join(folder, "pictures", "map.png"), picture);
  await writeFile(join(folder, "nul", "log.txt"), "valid UTF-8, but \0 not text");
});
afterAll(() => rm(folder, { recursive: true }));

const ferry = `# The ferry to the island

## Times

The ferry leaves at nine in the morning. The last boat back sails at six.

## Tickets

A ticket costs four euros. Children under six travel free of charge.

## Bicycles and dogs

Bicycles go on the lower deck. Dogs wait outside the cabin.
`;
const picture = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]);

function demo(args: string[], environment?: Record<string, string>): Promise<Ended> {
  return runExample(main, args, environment);
}

const models = ["--embedding-model", "embedder", "--rerank-model", "reranker"];

describe("the demo", () => {
  it("answers a question from a folder, through both frameworks, with scores and sources", async () => {
    const ask = ["--docs", docs, "--ask", "What does a ticket cost?"];
    const { code, stdout, stderr } = await demo([...ask, "--details"]);
    expect(stderr).toBe("");
    expect(stdout).toContain("Documentation  2 files");
    expect(stdout).toMatch(/^ +1 {2}ferry\.md:[\d-]+ +(0\.\d{4}) +\1 +→ 1$/m);
    expect(stdout).toMatch(/Top \d after reranking/);
    expect(stdout).toContain("LangChain and LlamaIndex agree");
    expect(stdout).toContain("A ticket costs four euros.");
    expect(stdout).toMatch(/Sources: \[1] ferry\.md:/);
    // In this order: the question, the answer, its sources, what reranking moved, the tables.
    expect(stdout).toMatch(/Question 1 .*Answer.*Sources: .*Reranking kept .*agree.*Top \d+ by vector/s);
    expect(stdout).toMatch(/Totals {9}\d+ requests, [\d,]+ tokens, [\d.]+ seconds/);
    expect(stdout).not.toContain("costs nothing");
    expect(code).toBe(0);
  }, 60_000);

  it("asks a real API about the files' own headings; without a chat model it gives passages", async () => {
    const server = await startLocalServer({ port: 0, apiKey: "the-users-key" });
    const environment = { TOGETHER_API_KEY: "the-users-key", TOGETHER_BASE_URL: server.url };
    const args = ["--live", "--docs", docs, ...models];
    const { code, stdout } = await demo(args, environment);
    const wrongKey = await demo(args, { ...environment, TOGETHER_API_KEY: "another-key" });
    await server.close();

    expect(stdout).toContain(`Models         the API at ${server.url}`);
    expect(stdout.match(/^Question \d of \d: .*/gm)).toEqual([
      "Question 1 of 2: The ferry to the island",
      "Question 2 of 2: Bicycles and dogs",
    ]);
    expect(stdout).toContain("LangChain and LlamaIndex agree");
    expect(stdout).toContain("No answer: name a model for it with --chat-model.");
    expect(code).toBe(0);
    expect(wrongKey.stderr).toMatch(/^error: .*401.*\n$/);
    expect(wrongKey.stderr).not.toContain("another-key");
    expect(wrongKey.code).toBe(1);
  }, 60_000);

  it.each([
    ["a folder that is not there", ["--docs", "nowhere"], "nowhere: there is no such file or folder"],
    [
      "an empty folder",
      ["--docs", "empty"],
      "There is nothing to read in empty: expected files ending in .md",
    ],
    [
      "a folder of pictures",
      ["--docs", "pictures"],
      "There is nothing to read in pictures: expected files ending in .md",
    ],
    ["a binary file", ["--docs", "binary"], "guide.md is no text: expected UTF-8"],
    ["a text with NUL in it", ["--docs", "nul"], "log.txt is no text: expected UTF-8"],
    ["an unknown flag", ["--question", "why"], "unknown option '--question'"],
    ["a flag without its value", ["--ask"], "option '--ask <question>' argument missing"],
    ["a stray word", ["why"], "too many arguments. Expected 0 arguments but got 1."],
    ["a blank question", ["--ask", " "], "--ask needs a question, got a blank one"],
    ["a model without --live", models, "--embedding-model, --rerank-model and --chat-model go with --live"],
    ["--live without a key", ["--live", ...models], "--live needs an API key in TOGETHER_API_KEY"],
    ["--live alone", ["--live"], "an API key in TOGETHER_API_KEY, and --embedding-model, and --rerank-model"],
  ])("refuses %s in one line", async (_, args, message) => {
    const { code, stdout, stderr } = await runExample(main, args, {}, folder);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    // The demo says who embeds before it reads the files.
    expect(stdout.replace(/^(?:Models)? {9,}.*\n/gm, "")).toBe("");
    expect(code).toBe(1);
  });

  it("finds its three questions' answers in what is installed", async () => {
    const copies = await copyInstalled(join(folder, "installed"));
    const names = (await readdir(copies, { recursive: true })).filter((name) => /\.md$/i.test(name));
    const texts = await Promise.all(names.map((name) => readFile(join(copies, name), "utf8")));
    const all = texts.join("\n");
    expect(questionsOnInstalled).toHaveLength(3);
    expect(all).toContain("Requests time out after 1 minute by default.");
    expect(all).toContain("all used packages must share the same version of core");
    expect(all).toContain("multiple simultaneous connections");
  });
});
