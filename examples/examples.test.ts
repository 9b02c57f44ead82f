/** Every example, as a process, against the local server. */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type LocalServer, startLocalServer } from "@together-retrieval/local";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ended, runExample } from "./run-example.ts";

const readme = fileURLToPath(new URL("README.md", import.meta.resolve("together-ai")));
const question = "How long does a request wait before it times out?";
const programs = ["embed.ts", "embed-and-rerank.ts", "rerank.ts", "rag-langchain.ts", "rag-llamaindex.ts"];

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ port: 0 });
});
afterAll(() => server.close());

function run(file: string, ...args: string[]): Promise<Ended> {
  return runExample(file, args, { TOGETHER_BASE_URL: server.url, TOGETHER_API_KEY: "any" });
}

describe("the examples", { timeout: 60_000 }, () => {
  it("embed one text and a batch of a thousand", async () => {
    const { code, stdout } = await run("embed.ts", "a-model");
    expect(stdout).toMatch(/^One text: 384 dimensions/);
    expect(stdout).toContain("A batch: 1000 vectors");
    expect(stdout).toMatch(/In all: 11 requests, \d{4,} tokens/);
    expect(code).toBe(0);
  });

  it("rerank strings down to `topN`, and objects by their fields", async () => {
    const { code, stdout } = await run("rerank.ts", "a-model");
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(2 + 3);
    expect(lines[0]).toMatch(/texts\[1] {2}Venus is the hottest planet/);
    expect(lines[2]).toMatch(/planet 102 {2}Venus/);
    expect(code).toBe(0);
  });

  it("rank by cosine, then put the answer first by reranking", async () => {
    const { code, stdout } = await run("embed-and-rerank.ts", "a-model", "a-reranker");
    const lines = stdout.trim().split("\n");
    const cosine = lines.filter((line) => line.startsWith("cosine"));
    const relevance = lines.filter((line) => line.startsWith("relevance"));
    expect([cosine.length, relevance.length]).toEqual([4, 4]);
    expect(cosine[0]).toContain("carbon dioxide");
    expect(relevance[0]).toContain("465 °C");
    expect(code).toBe(0);
  });

  it("answer from a file with LangChain", async () => {
    const { code, stdout } = await run("rag-langchain.ts", "embedder", "reranker", "chat", readme, question);
    expect(stdout.match(/^0\.\d{3} {2}.*README\.md:\d+$/gm)).toHaveLength(5);
    expect(stdout).toContain("Requests time out after 1 minute by default.");
    expect(code).toBe(0);
  });

  it("answer from a file with LlamaIndex", async () => {
    const { code, stdout } = await run("rag-llamaindex.ts", "embedder", "reranker", "chat", readme, question);
    expect(stdout).toMatch(/^0\.\d{3} {2}Together TypeScript API Library > Handling errors > Timeouts$/m);
    expect(stdout.match(/^0\.\d{3} {2}/gm)).toHaveLength(5);
    expect(stdout).toContain("Requests time out after 1 minute by default.");
    expect(code).toBe(0);
  });

  it.each(programs)("%s says how to call it when a model is missing", async (program) => {
    const { code, stderr } = await runExample(program, []);
    expect(stderr).toMatch(new RegExp(`^Usage: ${program} [A-Z_ ]+\\n$`));
    expect(code).toBe(1);
  });

  it("stay under 40 lines, and none is untested", async () => {
    const files = (await readdir(new URL(".", import.meta.url))).filter((name) => name.endsWith(".ts"));
    expect(files.filter((name) => !/test|run-example/.test(name)).sort()).toEqual([...programs].sort());
    for (const program of programs) {
      const source = await readFile(new URL(program, import.meta.url), "utf8");
      expect(source.split("\n").length, program).toBeLessThanOrEqual(40);
    }
  });
});
