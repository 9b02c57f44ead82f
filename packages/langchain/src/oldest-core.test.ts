/** The oldest `@langchain/core` that the peer range allows, in a process of its own. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serve } from "@together-retrieval/test-server/by-words";
import { expect, test, vi } from "vitest";

// The process loads LangChain from source, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const program = new URL("oldest-core-program.ts", import.meta.url);
/** Wherever the adapter or the program imports `@langchain/core`, it gets 1.0.0. */
const redirect = `
  export const resolve = (name, context, next) =>
    /^@langchain\\/core(\\/|$)/.test(name)
      ? next(name.replace("@langchain/core", "langchain-core-1.0.0"), { ...context, parentURL: "${program}" })
      : next(name, context);`;
const register = `
  import { register } from "node:module";
  register(${JSON.stringify(asModule(redirect))});`;

function asModule(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

test("everything that a host asks for works on @langchain/core 1.0.0", async () => {
  const server = await serve();
  const flags = [
    "--conditions=@together-retrieval/source",
    "--import",
    "tsx",
    "--import",
    asModule(register),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, fileURLToPath(program)], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: { ...process.env, TOGETHER_API_KEY: "test-key", TOGETHER_BASE_URL: server.baseURL },
  });
  const report = JSON.parse(stdout);
  expect(report.core).toContain("@langchain+core@1.0.0");
  expect(report).toMatchObject({
    isEmbeddings: true,
    dimensions: 64,
    best: { pageContent: "capital of France", metadata: { relevanceScore: 1 } },
    reloaded: true,
    runs: [{ name: "TogetherReranker", run_type: "retriever" }],
    aborted: "the user left",
  });
});
