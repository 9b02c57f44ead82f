/** Every example, as a process, against the local server. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LocalServer, startLocalServer } from "@together-retrieval/local";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ended, patience, runExample } from "./run-example.ts";

const readme = fileURLToPath(new URL("README.md", import.meta.resolve("together-ai")));
const question = "How long does a request wait before it times out?";
const programs = [
  ...["embed.ts", "embed-and-rerank.ts", "rerank.ts", "rag-langchain.ts", "rag-llamaindex.ts"],
  ...["hybrid-search.ts", "langgraph-agent.ts", "streaming-answer.ts", "cached-embeddings.ts"],
  ...["multi-tenant-langchain.ts", "multi-tenant-llamaindex.ts", "evaluate.ts"],
  ...["ingest-langchain.ts", "ingest-llamaindex.ts"],
];
/** These do nothing when they are run on their own. Each has a test beside it. */
const handlers = ["hono-worker.ts", "next-route.ts", "observe.ts"];

let server: LocalServer;
let folder: string;
beforeAll(async () => {
  server = await startLocalServer({ port: 0 });
  folder = await mkdtemp(join(tmpdir(), "together-examples-"));
}, patience);
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function run(file: string, ...args: string[]): Promise<Ended> {
  return runExample(file, args, { TOGETHER_BASE_URL: server.url, TOGETHER_API_KEY: "any" });
}

describe("the examples", { timeout: patience }, () => {
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

  it("find by words and by vectors, and rank what both found", async () => {
    const { code, stdout } = await run("hybrid-search.ts", "a-model", "a-reranker", readme, "TOGETHER_LOG");
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^0\.\d{3} {2}words 1 {2}vectors \d+ {2}#### Log levels/);
    // Only one passage contains the word. The others were found by their meaning.
    expect(lines.slice(1).every((line) => /words - {2}vectors \d+/.test(line))).toBe(true);
    expect(code).toBe(0);
  });

  it("keep vectors: a second run sends nothing, another model its own", async () => {
    const cache = join(folder, "cache");
    const runs = [];
    for (const model of ["a/model", "a/model", "another/model"]) {
      runs.push(await run("cached-embeddings.ts", model, readme, cache));
    }
    const sent = runs.map(({ stdout }) => stdout.match(/Sent for them: (.*)/)?.[1]);
    expect(sent).toEqual([
      expect.stringMatching(/^1 requests, \d{4} tokens$/),
      "0 requests, 0 tokens",
      sent[0],
    ]);
    expect(runs.map(({ stdout }) => stdout.split("\n")[0])).toEqual(
      Array(3).fill(runs[0]?.stdout.split("\n")[0]),
    );
    expect(runs[0]?.stdout).toMatch(/^\d+ vectors of 384 dimensions\n/);
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  it.each([
    ["LangChain", "multi-tenant-langchain.ts", "2 vectors, "],
    ["LlamaIndex", "multi-tenant-llamaindex.ts", "Invoices are due in thirty days. ("],
  ])(
    "keep tenants apart with %s: each pays with its own key, and only the wrong key is refused",
    async (...of) => {
      const keys = { acme: "key-of-acme", globex: "key-of-globex" };
      const file = join(folder, "keys.json");
      await writeFile(file, JSON.stringify(keys));
      for (const [tenant, apiKey] of Object.entries(keys)) {
        const theirs = await startLocalServer({ port: 0, apiKey });
        const { code, stdout, stderr } = await runExample(of[1], ["a-model", file], {
          TOGETHER_BASE_URL: theirs.url,
        });
        await theirs.close();
        const other = Object.keys(keys).find((name) => name !== tenant);
        expect(stdout).toContain(`${tenant}: ${of[2]}`);
        expect(stdout).toMatch(new RegExp(`^${other}: .*401`, "m"));
        expect(stdout + stderr).not.toContain("key-of-");
        expect(code).toBe(0);
      }
    },
  );

  it("evaluate a collection: what comes first, second or not at all counts 1, 1 / log2(3), 0", async () => {
    const documents = {
      venus: "Venus is the hottest of all planets.",
      twin: "Venus is the hottest of the planets.",
      bread: "Bread is baked from flour and water.",
    };
    const queries = [
      { query: documents.bread, expected: ["bread"] },
      { query: documents.venus, expected: ["venus", "twin"] },
      { query: documents.venus, expected: ["twin"] },
      { query: documents.bread, expected: ["not there"] },
    ];
    const file = join(folder, "collection.json");
    await writeFile(file, JSON.stringify({ documents, queries }));
    const { code, stdout } = await run("evaluate.ts", "a-model", "a-reranker", file);
    const [recall1, recall5] = [(1 + 1 / 2 + 0 + 0) / 4, (1 + 1 + 1 + 0) / 4];
    const ndcg = ((1 + 1 + 1 / Math.log2(3) + 0) / 4).toFixed(3);
    const scores = `recall@1 ${recall1.toFixed(3)}  recall@5 ${recall5.toFixed(3)}  nDCG@10 ${ndcg}`;
    expect(stdout).toBe(`vectors   ${scores}\nreranked  ${scores}\n`);
    expect(code).toBe(0);
  });

  it("evaluate the collection that is here", async () => {
    const { code, stdout } = await run("evaluate.ts", "a-model", "a-reranker", "collection.json");
    expect(stdout).toMatch(/^vectors {3}recall@1 0\.\d{3}.*\nreranked {2}recall@1 0\.[6-9]\d{2}.*\n$/);
    expect(code).toBe(0);
  });

  it.each(programs)("%s says how to call it when a model is missing", async (program) => {
    const { code, stderr } = await runExample(program, []);
    expect(stderr).toMatch(new RegExp(`^Usage: ${program} [A-Z_ ]+\\n$`));
    expect(code).toBe(1);
  });

  it("stay under 40 lines, and none is untested", async () => {
    const files = (await readdir(new URL(".", import.meta.url))).filter((name) => name.endsWith(".ts"));
    expect(files.filter((name) => !/test|run-example/.test(name)).sort()).toEqual(
      [...programs, ...handlers].sort(),
    );
    for (const program of [...programs, ...handlers]) {
      const source = await readFile(new URL(program, import.meta.url), "utf8");
      expect(source.split("\n").length, program).toBeLessThanOrEqual(40);
    }
  });

  it("stand in the README, each with all that it imports from npm", async () => {
    const lines = (await readFile(new URL("README.md", import.meta.url), "utf8")).split("\n");
    for (const program of [...programs, ...handlers]) {
      const source = await readFile(new URL(program, import.meta.url), "utf8");
      const imports = [...source.matchAll(/^import .* from "((?:@[^/"]+\/)?[^/"]+)/gm)].map(
        ([, name = ""]) => name,
      );
      const packages = [...new Set(imports.filter((name) => !name.startsWith("node:")))].sort();
      const line = lines.find((row) => row.startsWith("| ") && row.includes(`(${program})`));
      const listed = line?.split("|").at(-2)?.replaceAll("`", "").trim().split(" ").sort();
      expect(listed, program).toEqual(packages);
    }
  });
});
