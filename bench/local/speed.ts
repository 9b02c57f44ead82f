/**
 * How long 1,000 short texts take on the bare model and through the server, how quickly the server answers other requests
 * meanwhile, and how much memory the process takes. `tsx bench/local/speed.ts`.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import ensureBuilt from "../../packages/local/scripts/ensure-built.ts";
import { TextModel } from "../../packages/local/src/model.ts";
import { startCommand } from "./command.ts";

const rounds = 8;
const topics = ["retrieval of documents", "the weather in Oslo", "a recipe for bread", "laws of motion"];
const texts = Array.from(
  { length: 1000 },
  (_, i) => `Text ${i} is about ${topics[i % 4]}${i % 3 ? ", and it says a little more about that" : ""}.`,
);
const headers = { authorization: "Bearer any", "content-type": "application/json" };

await ensureBuilt();
const modelDir = fileURLToPath(new URL("../../packages/local/dist/model/", import.meta.url));
const model = await TextModel.load(modelDir);

/** No server, no thread: tokens, batches of 32 by length, vectors. */
async function bare(): Promise<void> {
  const ids = texts.map((text) => model.tokens(text)).sort((a, b) => a.length - b.length);
  for (let start = 0; start < ids.length; start += 32) {
    const batch = ids.slice(start, start + 32);
    const { states, longest } = await model.states(batch);
    const width = model.dimensions;
    batch.forEach((row, r) => {
      model.vector(states.subarray(r * longest * width, (r * longest + row.length) * width));
    });
  }
}

async function embed(url: string, input: string[]): Promise<void> {
  const body = JSON.stringify({ model: "m", input });
  const response = await fetch(`${url}/embeddings`, { method: "POST", headers, body });
  const { data } = await response.json();
  if (data.length !== input.length) throw new Error(`${data.length} vectors for ${input.length} texts`);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const chunks = Array.from({ length: 10 }, (_, i) => texts.slice(i * 100, i * 100 + 100));

const started = performance.now();
const server = await startCommand();
const startMs = performance.now() - started;
await bare();
await embed(server.url, texts);

const times = { bare: [] as number[], one: [] as number[], ten: [] as number[] };
const waits: number[] = [];
for (let round = 0; round < rounds; round++) {
  times.bare.push(await seconds(bare));
  times.one.push(await seconds(() => embed(server.url, texts)));
  times.ten.push(await seconds(() => Promise.all(chunks.map((chunk) => embed(server.url, chunk)))));
  let done = false;
  const work = embed(server.url, texts).then(() => (done = true));
  while (!done) {
    waits.push(1000 * (await seconds(async () => (await fetch(`${server.url}/models`, { headers })).text())));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await work;
}
const longTexts = Array.from(
  { length: 100 },
  (_, i) => `${i} ${"a long document goes on and on ".repeat(1000)}`,
);
for (let i = 0; i < 3; i++) await embed(server.url, longTexts);
const memory = (Number(execFileSync("ps", ["-o", "rss=", "-p", String(server.pid)])) / 1024).toFixed(0);
server.stop();

const best = (values: number[]) => Math.min(...values);
const bareSeconds = best(times.bare);
const ratio = (values: number[]) =>
  `${best(values).toFixed(2)} s, ${(best(values) / bareSeconds).toFixed(2)} × bare`;
console.log(`start                         ${startMs.toFixed(0)} ms`);
console.log(
  `1,000 short texts, bare model ${bareSeconds.toFixed(2)} s (best of ${rounds}: other programs disturb the rest)`,
);
console.log(`  one request                 ${ratio(times.one)}`);
console.log(`  ten requests at once        ${ratio(times.ten)}`);
const sorted = waits.toSorted((a, b) => a - b);
const wait = (share: number) => `${(sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)} ms`;
console.log(`/v1/models meanwhile          ${wait(0.5)} median, ${wait(0.99)} at 99 %, ${wait(1)} at worst`);
console.log(`memory after long documents   ${memory} MiB`);
