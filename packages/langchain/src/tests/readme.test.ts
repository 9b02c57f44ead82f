/** What the README says, compared with what is. */
import { readFile } from "node:fs/promises";
import { startLocalServer } from "@together-retrieval/local";
import { expect, onTestFinished, test } from "vitest";
import {
  clientChecks,
  clientDefaults,
  embedChecks,
  embedDefaults,
  rerankChecks,
  rerankDefaults,
} from "../../../core/src/options.ts";
import { rerankerDefaults } from "../reranker.ts";
import { readCode, runCode } from "./run-code.ts";

const file = new URL("../../README.md", import.meta.url);

/** The rows of the table that comes after these words: name -> default. */
async function readOptions(title: string): Promise<Map<string, string>> {
  const [, table = ""] = (await readFile(file, "utf8")).split(title);
  const rows = table.split("\n\n")[1]?.split("\n").slice(2) ?? [];
  return new Map(
    rows.map((row) => {
      const [, name = "", value = ""] = row.split("|").map((cell) => cell.trim());
      return [name.replaceAll("`", ""), value];
    }),
  );
}

const { inputType, signal: _embedSignal, onProgress, ...embedOptions } = embedChecks;
const { signal: _rerankSignal, ...rerankOptions } = rerankChecks;

test.each([
  ["Of both classes.", [...Object.keys(clientChecks), "client"], clientDefaults],
  ["Of `TogetherEmbeddings`:", Object.keys(embedOptions), embedDefaults],
  [
    "Of `TogetherReranker`:",
    [...Object.keys(rerankOptions), "scoreKey"],
    { ...rerankDefaults, ...rerankerDefaults },
  ],
])("the table %s lists every option with its real default", async (title, names, defaults: object) => {
  const options = await readOptions(title);
  expect([...options.keys()].sort()).toEqual([...names].sort());
  for (const [name, written] of options) {
    const value: unknown = (defaults as Record<string, unknown>)[name];
    if (value === undefined) expect(written).not.toMatch(/^`("|\d|true|false)/);
    else expect(written).toContain(`\`${JSON.stringify(value)}\``);
  }
});

test("the first result comes out as the README has it", async () => {
  const server = await startLocalServer();
  onTestFinished(() => server.close());
  const [firstResult = ""] = await readCode(file);
  const printed = await runCode(firstResult, { TOGETHER_API_KEY: "test-key", TOGETHER_BASE_URL: server.url });
  const lines = printed.trim().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^\d\.\d\d The blue whale is the largest animal$/);
});
