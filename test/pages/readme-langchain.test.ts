/** The README, compared with the code. */
import { startLocalServer } from "@together-retrieval/local";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  embedOptions as allEmbedOptions,
  rerankOptions as allRerankOptions,
  clientOptions,
  defaultsOf,
} from "../../packages/core/src/options.ts";
import { rerankerDefaults } from "../../packages/langchain/src/reranker.ts";
import { expectTrueTable } from "./options-table.ts";
import { readCode, runCode } from "./run-code.ts";

// The program is a process that loads LangChain, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const file = new URL("../../packages/langchain/README.md", import.meta.url);

/** Imports are resolved from the package's folder. */
const folder = new URL("../../packages/langchain/", import.meta.url);

const { inputType, signal: _embedSignal, onProgress, ...embedOptions } = allEmbedOptions;
const { signal: _rerankSignal, ...rerankOptions } = allRerankOptions;

test.each([
  ["Of both classes.", [...Object.keys(clientOptions), "client"], defaultsOf(clientOptions)],
  ["Of `TogetherEmbeddings`:", Object.keys(embedOptions), defaultsOf(embedOptions)],
  [
    "Of `TogetherReranker`:",
    [...Object.keys(rerankOptions), "scoreKey"],
    { ...defaultsOf(rerankOptions), ...rerankerDefaults },
  ],
])("the table %s lists every option with its real default", async (title, names, defaults: object) => {
  await expectTrueTable(file, title, names, defaults);
});

test("the first result comes out as the README has it", async () => {
  const server = await startLocalServer();
  onTestFinished(() => server.close());
  const [firstResult = ""] = await readCode(file);
  const printed = await runCode(firstResult, folder, {
    TOGETHER_API_KEY: "test-key",
    TOGETHER_BASE_URL: server.url,
  });
  const lines = printed.trim().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^\d\.\d\d The blue whale is the largest animal$/);
});

test("the checks of a compressor run as the README has them", async () => {
  const server = await startLocalServer();
  onTestFinished(() => server.close());
  const checks = (await readCode(file)).find((code) => code.includes("compressorChecks")) ?? "";
  const printed = await runCode(checks, folder, {
    TOGETHER_API_KEY: "test-key",
    TOGETHER_BASE_URL: server.url,
  });
  // In the form of Node 20 and 22, and in that of Node 24.
  expect(printed).toMatch(/^[#ℹ] pass [1-9]\d*$/m);
  expect(printed).toMatch(/^[#ℹ] fail 0$/m);
});
