import { readFile } from "node:fs/promises";
import { profiles } from "@together-retrieval/core";
import { startLocalServer } from "@together-retrieval/local";
import { withTokenizer } from "@together-retrieval/tokenizers";
import { expect, onTestFinished, test } from "vitest";
import { readCode, runCode } from "./run-code.ts";

const file = new URL("../../packages/tokenizers/README.md", import.meta.url);

test("the one line works as the README has it", async () => {
  const server = await startLocalServer({ dimensions: 1024 });
  onTestFinished(() => server.close());
  const [example = ""] = await readCode(file);
  const environment = { TOGETHER_API_KEY: "test-key", TOGETHER_BASE_URL: server.url };
  expect(await runCode(example, new URL("../../packages/tokenizers/", import.meta.url), environment)).toBe(
    "2 1024\n",
  );
});

test("the README names every model whose tokenizer is in the package", async () => {
  const text = await readFile(file, "utf8");
  const included = Object.keys(profiles).filter((model) => isIncluded(model) && !model.includes("m2-bert"));
  expect(included.length).toBeGreaterThan(3);
  for (const model of included) expect(text).toContain(model);
  expect(text).toContain("togethercomputer/m2-bert-80M-2k / 8k / 32k-retrieval");
});

function isIncluded(model: string): boolean {
  try {
    return withTokenizer(model).tokenizer !== undefined;
  } catch {
    return false;
  }
}
