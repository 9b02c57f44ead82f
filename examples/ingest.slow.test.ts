/** The two examples that open an index of ingest, as processes, against the local server. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TogetherClient } from "@together-retrieval/core";
import { addToIndex } from "@together-retrieval/ingest";
import { startLocalServer } from "@together-retrieval/local";
import { expect, onTestFinished, test } from "vitest";
import { patience, runExample } from "./run-example.ts";

const readme = fileURLToPath(new URL("README.md", import.meta.resolve("together-ai")));
const question = "How long does a request wait before it times out?";

test("both hosts open what ingest wrote, and agree on it", { timeout: patience }, async () => {
  const server = await startLocalServer({ port: 0 });
  onTestFinished(() => server.close());
  const folder = await mkdtemp(join(tmpdir(), "together-examples-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const to = join(folder, "index");
  const client = new TogetherClient({ apiKey: "any", baseURL: server.url });
  await addToIndex({ paths: readme, to, model: "embedder", client });
  const ask = (program: string) =>
    runExample(program, [to, "reranker", question], {
      TOGETHER_BASE_URL: server.url,
      TOGETHER_API_KEY: "any",
    });
  const langchain = await ask("ingest-langchain.ts");
  expect(langchain.stdout).toMatch(
    /^(cosine {4}0\.\d{3} {2}README\.md:\d+\n){3}(relevance 0\.\d{3} .*\n){3}$/,
  );
  expect(langchain.code).toBe(0);
  const llamaindex = await ask("ingest-llamaindex.ts");
  const nearest = (stdout: string) => stdout.match(/^cosine .*$/m)?.[0];
  expect(nearest(llamaindex.stdout)).toBe(nearest(langchain.stdout));
  expect(llamaindex.stdout.match(/^relevance/gm)).toHaveLength(3);
  expect(llamaindex.code).toBe(0);
});
