/**
 * 200 connections at once for a minute, of all routes, every answer compared with the one that the idle server gave.
 * `tsx bench/local/load.ts [seconds=60] [connections=200]`.
 */
import { execFileSync } from "node:child_process";
import { isDeepStrictEqual } from "node:util";
import ensureBuilt from "../../packages/local/scripts/ensure-built.ts";
import { startCommand } from "./command.ts";

const seconds = Number(process.argv[2] ?? 60);
const connections = Number(process.argv[3] ?? 200);

const long = "A long document goes on and on about tea. ".repeat(60);
const requests: { path: string; body: object }[] = [
  { path: "/embeddings", body: { model: "m", input: "one short text" } },
  { path: "/embeddings", body: { model: "m", input: ["several", "short texts", "日本語 🙂", ""] } },
  { path: "/embeddings", body: { model: "m", input: [long, "short"], encoding_format: "base64" } },
  { path: "/rerank", body: { model: "m", query: "tea?", documents: ["coffee", "green tea", long] } },
  {
    path: "/chat/completions",
    body: { model: "m", messages: [{ role: "user", content: "Tea is hot.\nIs tea hot?" }] },
  },
  { path: "/embeddings", body: { model: "m", input: [] } },
];

await ensureBuilt();
const server = await startCommand();

async function ask({ path, body }: { path: string; body: object }): Promise<unknown> {
  const headers = { authorization: "Bearer any" };
  const response = await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  const { id: _id, created: _created, ...rest } = await response.json();
  return { status: response.status, ...rest };
}

const expected: unknown[] = [];
for (const request of requests) expected.push(await ask(request));

const memory = () => Number(execFileSync("ps", ["-o", "rss=", "-p", String(server.pid)])) / 1024;
const before = memory();
let largest = before;
const watch = setInterval(() => (largest = Math.max(largest, memory())), 500);

const times: number[] = [];
let wrong = 0;
let failed = 0;
const end = performance.now() + seconds * 1000;
await Promise.all(
  Array.from({ length: connections }, async (_, connection) => {
    for (let turn = connection; performance.now() < end; turn++) {
      const which = turn % requests.length;
      const began = performance.now();
      try {
        const answer = await ask(requests[which] as { path: string; body: object });
        if (!isDeepStrictEqual(answer, expected[which])) wrong++;
      } catch {
        failed++;
      }
      times.push(performance.now() - began);
    }
  }),
);
clearInterval(watch);
server.stop();

times.sort((a, b) => a - b);
const at = (share: number) => `${Math.round(times[Math.floor(share * (times.length - 1))] ?? 0)} ms`;
console.log(
  `${connections} connections, ${seconds} s: ${times.length} answers, ${wrong} wrong, ${failed} failed`,
);
console.log(
  `${(times.length / seconds).toFixed(0)} a second; ${at(0.5)} median, ${at(0.99)} at 99 %, ${at(1)} at most`,
);
console.log(`memory ${before.toFixed(0)} MiB before, ${largest.toFixed(0)} MiB at most`);
if (wrong + failed > 0) process.exitCode = 1;
