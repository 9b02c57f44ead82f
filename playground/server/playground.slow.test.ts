/** The playground's program and its JSON API, as a terminal and a page use them. */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runExample } from "../../examples/run-example.ts";
import type { IndexStates, SearchEvent, SearchRequest } from "../wire.ts";
import { docsFolder, island } from "./island.ts";
import { type RunningPlayground, startPlayground } from "./start-playground.ts";

const price: SearchRequest = {
  ...{
    question: "What does a ticket cost?",
    framework: "langchain",
    prompt: true,
    hybrid: false,
    candidates: 4,
    topN: 2,
  },
  ...{ embeddingModel: "all-MiniLM-L6-v2", rerankModel: "any-name" },
};

let docs: Awaited<ReturnType<typeof docsFolder>>;
let playground: RunningPlayground;

beforeAll(async () => {
  docs = await docsFolder(island);
  playground = await startPlayground(["--docs", docs.folder, "--port", "0"]);
  await ready(price.embeddingModel);
}, 120_000);
afterAll(async () => {
  await playground?.interrupt();
  await docs?.remove();
});

/** Reads the stream of events until the model's index is ready. */
async function ready(model: string): Promise<void> {
  const { body } = await fetch(`${playground.url}api/events`);
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; ; ) {
    const { done, value = "" } = (await reader?.read()) ?? { done: true };
    text += value;
    const last = text
      .split("\n\n")
      .at(-2)
      ?.replace(/^data: /, "");
    const states: IndexStates = JSON.parse(last ?? "{}");
    if (states[model]?.state === "ready") break;
    if (done) throw new Error(`The events ended: ${text}`);
  }
  await reader?.cancel();
}

function post(path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(playground.url + path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function search(part: Partial<SearchRequest> = {}): Promise<SearchEvent[]> {
  const answer = await post("api/search", { ...price, ...part });
  const lines = (await answer.text()).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** Only ids and scores, and these without the last bits of a float. */
function found(events: SearchEvent[]) {
  return events.map((event) =>
    "hits" in event ? event.hits.map(({ id, score }) => [id, score.toFixed(5)]) : event.kind,
  );
}

describe("a search", () => {
  it("gives candidates, then the best of them, with what each step took", async () => {
    const [candidates, ranking, ...rest] = await search();
    expect(rest).toEqual([]);
    if (candidates?.kind !== "candidates" || ranking?.kind !== "ranking") throw new Error("Expected both");
    expect(candidates.hits).toHaveLength(4);
    expect(ranking.hits).toHaveLength(2);
    expect(ranking.hits[0]).toMatchObject({ source: expect.stringMatching(/^ferry\.md:\d+-\d+$/) });
    expect(candidates.questionVector).toHaveLength(384);
    expect(candidates.embed).toMatchObject({ requests: 1, retries: 0, tokens: 8 });
    expect(candidates.search).toMatchObject({ requests: 0, tokens: 0 });
    expect(ranking.rerank).toMatchObject({ requests: 1, retries: 0, tokens: expect.any(Number) });
  });

  it("finds the same through both frameworks", async () => {
    expect(found(await search({ framework: "llamaindex" }))).toEqual(found(await search()));
  });

  it("by vector and words gives each candidate's place in both lists, and the same through both frameworks", async () => {
    const part = { question: "mackerel", hybrid: true };
    const [candidates, ranking] = await search(part);
    if (candidates?.kind !== "candidates" || ranking?.kind !== "ranking") throw new Error("Expected both");
    // Only one passage contains the word.
    const [first] = candidates.hits.filter(({ ranks }) => ranks?.words === 1);
    expect(first?.text).toContain("mackerel");
    const byVector = candidates.hits.flatMap(({ ranks }) => ranks?.vector ?? []);
    expect(byVector).toContain(1);
    expect(ranking.hits[0]?.ranks).toEqual(first?.ranks);
    const other = await search({ ...part, framework: "llamaindex" });
    expect(found(other)).toEqual(found([candidates, ranking]));
  });

  it.each([
    [{ question: " " }, "`question`: Expected a text that is not blank"],
    [{ candidates: 0 }, "`candidates`"],
    [{ topN: 1.5 }, "`topN`"],
    [{ framework: "other" }, "`framework`"],
    [{ surprise: 1 }, "surprise"],
  ])("%j is refused by name", async (part, message) => {
    const answer = await post("api/search", { ...price, ...part });
    expect(answer.status).toBe(400);
    expect((await answer.json()).message).toContain(message);
  });

  it("of a model without an index, or that nobody offers, is refused", async () => {
    const answer = await post("api/search", { ...price, embeddingModel: "BAAI/bge-base-en-v1.5" });
    expect(answer.status).toBe(409);
    expect((await post("api/indexes/unknown", {})).status).toBe(404);
  });
});

describe("the map's data", () => {
  it("is a row of numbers for each passage", async () => {
    const path = `/${encodeURIComponent(price.embeddingModel)}`;
    const points = await (await fetch(`${playground.url}api/points${path}`)).json();
    const bytes = await (await fetch(`${playground.url}api/vectors${path}`)).arrayBuffer();
    expect(points.dimensions).toBe(384);
    expect(points.ids.length).toBe(points.sources.length);
    const values = new Float32Array(bytes);
    expect(values).toHaveLength(points.ids.length * 384);
    expect(Math.hypot(...values.subarray(0, 384))).toBeCloseTo(1, 4);
  });
});

describe("other sites", () => {
  it.each([
    ["a page of another origin", { origin: "http://evil.example" }],
    ["a name that resolves to this machine", { host: "evil.example" }],
  ])("are refused: %s", async (_, headers) => {
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${playground.url}api/settings`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on("error", reject).end();
    });
    expect(status).toBe(403);
  });

  it("are not asked for anything: the page's policy allows its own origin alone", async () => {
    const answer = await fetch(playground.url);
    expect(answer.headers.get("content-security-policy")).toMatch(/default-src 'self'/);
    expect(await answer.text()).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});

describe("the command", () => {
  const main = new URL("main.ts", import.meta.url).pathname;
  const models = ["--embedding-model", "embedder", "--rerank-model", "ranker"];
  const key = { TOGETHER_API_KEY: "key" };

  it.each<[string, string[], string, Record<string, string>?]>([
    ["an unknown flag", ["--ask"], "unknown option '--ask'"],
    [
      "a folder that is not there",
      ["--docs", "/nowhere"],
      "--docs /nowhere: there is no such file or folder",
    ],
    ["a port that is none", ["--port", "99999"], "Expected a whole number from 0 to 65535."],
    ["--live without a key", ["--live", ...models], "--live needs an API key in TOGETHER_API_KEY"],
    ["--live without models", ["--live"], "--live needs --embedding-model, and --rerank-model", key],
    ["a model without --live", models, "go with --live"],
    [
      "a profile that is none",
      ["--live", ...models, "--profile", "x"],
      "--profile x is not a known model",
      key,
    ],
  ])(
    "says in one line what is wrong with %s",
    async (_, args, message, environment) => {
      const { code, stdout, stderr } = await runExample(main, args, environment);
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^error: .*\n$/);
      expect(stderr).toContain(message);
      expect(code).toBe(1);
    },
    60_000,
  );

  it("names a port that is taken", async () => {
    const port = new URL(playground.url).port;
    const { code, stderr } = await runExample(main, ["--docs", docs.folder, "--port", port]);
    expect(stderr).toBe(`error: --port ${port}: it is taken by another program: name another one\n`);
    expect(code).toBe(1);
  }, 60_000);

  it("ends at Ctrl-C with 0, twelve pages' streams open, without a warning of listeners, having said one line and freed its port", async () => {
    const { url } = playground;
    // From the eleventh listener on, Node writes a warning to stderr.
    const pages = await Promise.all(Array.from({ length: 12 }, () => fetch(`${url}api/events`)));
    expect(await playground.interrupt()).toBe(0);
    await Promise.all(pages.map((events) => events.text().catch(() => {})));
    await expect(fetch(url)).rejects.toThrow();
    expect(playground.output().stdout).toMatch(/^Playground +http\S+ · Ctrl-C stops it\n$/);
    expect(playground.output().stderr).toBe("");
  });
});
