/** The README of the repository and that of the core: their code runs, and their tables are true. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type LocalServer, startLocalServer } from "@together-retrieval/local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  clientOptions,
  defaultsOf,
  embedOptions,
  rerankOptions,
  streamOnlyOptions,
} from "../../packages/core/src/options.ts";
import { expectTrueTable } from "./options-table.ts";
import { readBlocks, readCode, runCode } from "./run-code.ts";

const root = new URL("../../README.md", import.meta.url);
const core = new URL("../../packages/core/README.md", import.meta.url);
/** This folder's package has all hosts as dependencies. */
const folder = new URL("../../examples/", import.meta.url);

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.close());

async function print(code: string): Promise<string> {
  return runCode(code, folder, { TOGETHER_API_KEY: "test-key", TOGETHER_BASE_URL: server.url });
}

describe("the root README", () => {
  test("prints with LangChain what it shows, and the same with LlamaIndex", async () => {
    const [langchain, llamaindex] = await readBlocks(root);
    expect(langchain?.prints).toMatch(/^\d\.\d\d The blue whale is the largest animal$/m);
    expect(await print(langchain?.code ?? "")).toBe(langchain?.prints);
    expect(await print(llamaindex?.code ?? "")).toBe(langchain?.prints);
  });

  test("gives a first result without a framework", async () => {
    const printed = await print((await readCode(root))[2] ?? "");
    expect(printed.trim()).toMatch(/^3 384 The blue whale is the largest animal \d+$/);
  });

  test("names files and folders that exist", async () => {
    const markdown = await readFile(root, "utf8");
    const links = [...markdown.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link ?? "");
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !existsSync(new URL(link, root)))).toEqual([]);
  });
});

describe("the core's README", () => {
  // Each block runs in its own process.
  test("runs, block by block", { timeout: 60_000 }, async () => {
    const blocks = await readCode(core);
    expect(blocks.length).toBeGreaterThan(1);
    for (const block of blocks) await expect(print(block)).resolves.toMatch(/\S/);
  });

  test.each([
    ["Of the client:", clientOptions],
    ["Of `embed`:", embedOptions],
    ["Of `embedStream`, beside those of `embed`:", streamOnlyOptions],
    ["Of `rerank`:", rerankOptions],
  ])("lists every option with its real default: %s", async (title, table) => {
    await expectTrueTable(core, title, Object.keys(table), defaultsOf(table));
  });
});
