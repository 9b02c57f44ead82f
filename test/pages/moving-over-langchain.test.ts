/** The page on moving over: its code runs as it stands, and before and after give the same answers. */
import { CohereRerank } from "@langchain/cohere";
import { TogetherAIEmbeddings } from "@langchain/community/embeddings/togetherai";
import { OpenAIEmbeddings } from "@langchain/openai";
import { embed, serve } from "@together-retrieval/test-server/by-words";
import { expect, test, vi } from "vitest";
import { clientOptions, defaultsOf, embedOptions, rerankOptions } from "../../packages/core/src/options.ts";
import { expectTrueComparison } from "./options-table.ts";
import { readCode, runCode } from "./run-code.ts";

// Each program is a process that loads a peer and its host, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const page = new URL("../../docs/moving-over-langchain.md", import.meta.url);
const code = await readCode(page);
const vectors = ["Paris is in France", "Berlin is in Germany"].map(embed);
const documents = [
  { pageContent: "Paris is in France", metadata: { relevanceScore: 2 / 3 } },
  { pageContent: "France is large", metadata: { relevanceScore: 1 / 3 } },
];

/** Imports are resolved from the package's folder. */
const folder = new URL("../../packages/langchain/", import.meta.url);

async function run(program: string | undefined, result: string) {
  const server = await serve();
  const key = "test-key";
  const printed = await runCode(`${program}\nconsole.log(JSON.stringify(${result}));`, folder, {
    ...{ TOGETHER_API_KEY: key, TOGETHER_AI_API_KEY: key, COHERE_API_KEY: key },
    TOGETHER_BASE_URL: server.baseURL,
  });
  return JSON.parse(printed);
}

test.each([
  ["TogetherAIEmbeddings", code[0], code[1], "vectors", vectors],
  ["OpenAIEmbeddings with a base URL", code[2], code[3], "vectors", vectors],
  ["CohereRerank", code[4], code[5], "best", documents],
])("from %s: before and after give the same answer", async (_, before, after, result, expected) => {
  const answers = await Promise.all([run(before, result), run(after, result)]);
  expect(answers).toEqual([expected, expected]);
});

test("the page has a before and an after for each, and no other code", () => {
  expect(code).toHaveLength(6);
});

/** Members of a peer's instance that are no options. */
const inner = ["caller", "client", "clientConfig", "embeddingsAPIUrl"];

test.each([
  ["TogetherAIEmbeddings", new TogetherAIEmbeddings({ apiKey: "test-key" }), defaultsOf(embedOptions)],
  ["OpenAIEmbeddings", new OpenAIEmbeddings({ apiKey: "test-key" }), defaultsOf(embedOptions)],
  ["CohereRerank", new CohereRerank({ apiKey: "test-key", model: "m" }), defaultsOf(rerankOptions)],
])("the table of %s tells true defaults and leaves out no option", async (name, theirs, ours: object) => {
  const { caller } = theirs as { caller?: object };
  const kept = Object.keys(theirs).filter((key) => !inner.includes(key));
  const options = { ...caller, ...theirs };
  await expectTrueComparison(
    page,
    `## From \`${name}\``,
    { options, kept },
    { ...defaultsOf(clientOptions), ...ours },
  );
});
