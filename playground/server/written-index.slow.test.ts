/** The playground over an index that ingest wrote. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TogetherClient } from "@together-retrieval/core";
import { addToIndex } from "@together-retrieval/ingest";
import { type LocalServer, startLocalServer } from "@together-retrieval/local";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runExample } from "../../examples/run-example.ts";
import type { Points, SearchEvent, SearchRequest } from "../wire.ts";
import { docsFolder, island } from "./island.ts";
import { type RunningPlayground, startPlayground } from "./start-playground.ts";

const embeddingModel = "all-MiniLM-L6-v2";
const main = new URL("main.ts", import.meta.url).pathname;

let docs: Awaited<ReturnType<typeof docsFolder>>;
let scratch: string;
let server: LocalServer;
let playground: RunningPlayground;

async function write(name: string, model: string): Promise<string> {
  const to = join(scratch, name);
  const client = new TogetherClient({ apiKey: "any", baseURL: server.url });
  await addToIndex({ paths: docs.folder, to, model, client, chunkSize: 64, chunkOverlap: 0 });
  return to;
}

beforeAll(async () => {
  docs = await docsFolder(island);
  scratch = await mkdtemp(join(tmpdir(), "playground-index-"));
  server = await startLocalServer({ port: 0 });
  playground = await startPlayground(["--index", await write("index", embeddingModel), "--port", "0"]);
}, 120_000);
afterAll(async () => {
  await playground?.interrupt();
  await server?.close();
  await docs?.remove();
  await rm(scratch, { recursive: true, force: true });
});

async function get<Answer>(path: string): Promise<Answer> {
  return (await fetch(playground.url + path)).json() as Promise<Answer>;
}

/** The first event of the stream. */
async function readState() {
  const { body } = await fetch(`${playground.url}api/events`);
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return JSON.parse(value.replace(/^data: /, ""))[embeddingModel];
}

async function search(framework: SearchRequest["framework"]): Promise<SearchEvent[]> {
  const request: SearchRequest = {
    ...{
      question: "What does a ticket cost?",
      framework,
      prompt: true,
      hybrid: false,
      candidates: 6,
      topN: 2,
    },
    ...{ embeddingModel, rerankModel: embeddingModel },
  };
  const headers = { "content-type": "application/json" };
  const sent = { method: "POST", headers, body: JSON.stringify(request) };
  const lines = (await (await fetch(`${playground.url}api/search`, sent)).text()).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

test("its chunks are found through both frameworks, with file and lines, and stand on the map", async () => {
  const [candidates, ranking] = await search("langchain");
  if (candidates?.kind !== "candidates" || ranking?.kind !== "ranking") throw new Error("Expected both");
  expect(candidates.hits).toHaveLength(6);
  expect(ranking.hits[0]?.source).toMatch(/ferry\.md:\d+-\d+$/);
  expect(ranking.hits[0]?.text).toContain("A ticket costs four euros");
  const ids = (events: SearchEvent[]) =>
    events.map((event) => "hits" in event && event.hits.map(({ id }) => id));
  expect(ids(await search("llamaindex"))).toEqual(ids([candidates, ranking]));
  const points = await get<Points>(`api/points/${embeddingModel}`);
  const state = await readState();
  expect(state).toMatchObject({ state: "ready", files: 4, passages: points.ids.length });
  expect(state.examples).toHaveLength(3);
  expect(points.ids).toEqual(expect.arrayContaining(candidates.hits.map(({ id }) => id)));
});

test("one that another model made, and one that is not there, are refused in a line", async () => {
  const other = await runExample(main, ["--port", "0", "--index", await write("other", "another-model")]);
  expect(other.stderr).toMatch(/^error: --index: it was made with another-model, .*--live.*\n$/);
  const none = await runExample(main, ["--port", "0", "--index", join(scratch, "nowhere")]);
  expect(none.stderr).toMatch(/^error: --index: There is no index in .*nowhere: make one with add\n$/);
  expect([other.code, none.code]).toEqual([1, 1]);
}, 120_000);
