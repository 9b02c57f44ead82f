/** The README and the page on moving over, compared with the code. Their programs run unchanged. */
import { TogetherEmbedding } from "@llamaindex/together";
import { TogetherEmbeddings } from "@together-retrieval/llamaindex";
import { startLocalServer } from "@together-retrieval/local";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect, vi } from "vitest";
import {
  embedOptions as allEmbedOptions,
  rerankOptions as allRerankOptions,
  clientOptions,
  defaultsOf,
} from "../../packages/core/src/options.ts";
import { rerankerDefaults } from "../../packages/llamaindex/src/content.ts";
import { expectTrueComparison, expectTrueTable } from "./options-table.ts";
import { readCode, runCode } from "./run-code.ts";

// Each program is a process that loads LlamaIndex, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** Imports are resolved from the package's folder. */
const runHere = (code: string, baseURL: string) =>
  runCode(code, new URL("../../packages/llamaindex/", import.meta.url), {
    TOGETHER_API_KEY: "test-key",
    TOGETHER_BASE_URL: baseURL,
  });

const readme = new URL("../../packages/llamaindex/README.md", import.meta.url);
const movingOverPage = new URL("../../docs/moving-over-llamaindex.md", import.meta.url);
const movingOver = await readCode(movingOverPage);

const { inputType, signal: _embedSignal, onProgress, ...embedOptions } = allEmbedOptions;
const { signal: _rerankSignal, ...rerankOptions } = allRerankOptions;

describe("the README", () => {
  it.for<[string, string[], object]>([
    ["Of both classes.", [...Object.keys(clientOptions), "client"], defaultsOf(clientOptions)],
    ["Of `TogetherEmbeddings`:", Object.keys(embedOptions), defaultsOf(embedOptions)],
    [
      "Of `TogetherReranker`:",
      [...Object.keys(rerankOptions), "metadataMode"],
      { ...defaultsOf(rerankOptions), ...rerankerDefaults },
    ],
  ])("lists every option with its real default: %s", async ([title, names, defaults]) => {
    await expectTrueTable(readme, title, names, defaults);
  });

  it("shows a first result that comes out so", async () => {
    const server = await startLocalServer();
    try {
      const [firstResult = ""] = await readCode(readme);
      const lines = (await runHere(firstResult, server.url)).trim().split("\n");
      expect(lines).toHaveLength(2);
      expect(lines[0]).toMatch(/^\d\.\d\d The blue whale is the largest animal$/);
    } finally {
      await server.close();
    }
  });
});

describe("the host's own name of the batch size", () => {
  it("has the core's default", () => {
    const embeddings = new TogetherEmbeddings({ model: "m", apiKey: "test-key" });
    expect(embeddings.embedBatchSize).toBe(allEmbedOptions.batchSize.default);
  });
});

describe("moving over", () => {
  const texts = "found.map(({ node }) => node.getText())";
  const vectors = ["Paris is in France", "Berlin is in Germany"].map((text) => vectorOf(text));

  it.for<[string, number, string, unknown]>([
    ["@llamaindex/together", 0, texts, ["Paris is in France"]],
    ["OpenAIEmbedding", 2, "vectors", vectors],
  ])("from %s: before and after give the same answer", async ([_, at, result, expected], { server }) => {
    const run = async (program: string) =>
      JSON.parse(await runHere(`${program}\nconsole.log(JSON.stringify(${result}));`, server.baseURL));
    expect(await Promise.all(movingOver.slice(at, at + 2).map(run))).toEqual([expected, expected]);
  });

  it("tells true defaults of both, and leaves out no option of theirs", async () => {
    const options = new TogetherEmbedding({ apiKey: "test-key" });
    const inner = ["getTextEmbeddings", "lazySession"];
    const kept = Object.keys(options).filter((key) => !inner.includes(key));
    const ours = { ...defaultsOf(clientOptions), ...defaultsOf(embedOptions) };
    await expectTrueComparison(movingOverPage, "## From `@llamaindex/together`", { options, kept }, ours);
  });

  it("on to a reranker: the code runs, and is all there is", async ({ server }) => {
    const printed = await runHere(`${movingOver[4]}\nconsole.log(JSON.stringify(${texts}));`, server.baseURL);
    expect(JSON.parse(printed)).toHaveLength(1);
    expect(server.requests.at(-1)?.documents).toHaveLength(2);
    expect(movingOver).toHaveLength(5);
  });
});
