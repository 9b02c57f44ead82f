/** The Worker in workerd, the runtime of Cloudflare, against the local server. */
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { startLocalServer } from "@together-retrieval/local";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patience } from "./run-example.ts";

/** Bundled as `wrangler` does it. The condition loads this repository's packages from their source. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("hono-worker.ts", import.meta.url))],
    ...{ bundle: true, write: false, format: "esm", target: "es2022" },
    conditions: ["@together-retrieval/source", "workerd", "worker", "browser"],
  });
  return outputFiles[0]?.text ?? "";
}

let contents: string;
beforeAll(async () => {
  contents = await bundle();
}, patience);

/** The Worker's log must not appear in the test's output. */
const handleRuntimeStdio = (...streams: Readable[]) => {
  for (const stream of streams) stream.resume();
};

/** Starts a Worker with these secrets and variables, and returns its answer to a POST of `body`. */
function startWorker(bindings: Record<string, string>) {
  const modules = [{ type: "ESModule" as const, path: "worker.mjs", contents }];
  const worker = new Miniflare({ modules, bindings, compatibilityDate: "2026-04-01", handleRuntimeStdio });
  return {
    stop: () => worker.dispose(),
    post: async (body: string) => {
      const answer = await worker.dispatchFetch("http://worker/rerank", { method: "POST", body });
      return { status: answer.status, text: await answer.text() };
    },
  };
}

const documents = [
  "Bread is baked in a hot oven.",
  "Venus is the hottest planet.",
  "Neptune is a cold planet.",
];
const question = JSON.stringify({ query: "Which planet is the hottest?", documents });

describe("the Hono endpoint in a Worker", { timeout: patience }, () => {
  let server: Awaited<ReturnType<typeof startLocalServer>>;
  beforeAll(async () => {
    server = await startLocalServer({ port: 0, apiKey: "the-right-key" });
  }, patience);
  afterAll(() => server.close());

  it("ranks documents, for several requests at once", async () => {
    const { url: TOGETHER_BASE_URL } = server;
    const worker = startWorker({ TOGETHER_API_KEY: "the-right-key", TOGETHER_BASE_URL, RERANK_MODEL: "m" });
    const answers = await Promise.all([worker.post(question), worker.post(question), worker.post(question)]);
    await worker.stop();
    for (const { status, text } of answers) {
      expect(status).toBe(200);
      const ranked = JSON.parse(text) as { index: number; relevanceScore: number }[];
      expect(ranked.map(({ index }) => index)).toEqual([1, 2, 0]);
      expect(ranked[0]?.relevanceScore).toBeGreaterThan(ranked[1]?.relevanceScore ?? 1);
    }
  });

  it("says what it expects, and of its own troubles nothing", async () => {
    const { url: TOGETHER_BASE_URL } = server;
    const worker = startWorker({ TOGETHER_API_KEY: "the-wrong-key", TOGETHER_BASE_URL, RERANK_MODEL: "m" });
    const bad = [
      "not JSON",
      "null",
      "{}",
      '{"query":" ","documents":["a"]}',
      '{"query":"q","documents":[1]}',
    ];
    for (const body of bad) {
      const expected = '{"error":"Expected { query: string, documents: string[] }"}';
      expect(await worker.post(body), body).toEqual({ status: 400, text: expected });
    }
    const refused = await worker.post(question);
    await worker.stop();
    expect(refused).toEqual({ status: 502, text: '{"error":"Reranking is not available"}' });
  });
});
