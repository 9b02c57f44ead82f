/**
 * `npx tsx --conditions=@together-retrieval/source bench/ingest/million.ts [records] [dimensions]`: so many short records into a
 * new folder, against a server that takes hardly any time -> seconds, rate and memory as it grows, a line of JSON each
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { TogetherClient } from "@together-retrieval/core";
import { addToIndex, verifyIndex } from "@together-retrieval/ingest";

const records = Number(process.argv[2] ?? 1_000_000);
const dimensions = Number(process.argv[3] ?? 64);
const every = Math.max(1, Math.floor(records / 20));

/** Each record is made when it is read, so the source takes no memory. */
async function* lines() {
  for (let at = 0; at < records; at++) {
    yield `${JSON.stringify({ id: at, text: `Record ${at}: a short chunk, of about a dozen tokens in all.` })}\n`;
  }
}

const server = fork(fileURLToPath(new URL("cheap-server.ts", import.meta.url)), [String(dimensions)]);
const [{ port }] = (await once(server, "message")) as [{ port: number }];
const to = await mkdtemp(join(tmpdir(), "ingest-bench-"));
const startedAt = performance.now();
let shown = 0;

function tell(event: string, chunks: number): void {
  const { rss, heapUsed } = process.memoryUsage();
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuSeconds = (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  console.log(
    JSON.stringify({
      ...{ event, chunks, seconds: Math.round(seconds), cpuSeconds: Math.round(cpuSeconds) },
      ...{ rssMiB: mebibytes(rss), heapMiB: mebibytes(heapUsed) },
    }),
  );
}

try {
  const client = new TogetherClient({ apiKey: "any", baseURL: `http://127.0.0.1:${port}/v1` });
  const summary = await addToIndex({
    ...{ to, client, model: "bench", profile: { dimensions }, batchSize: 250 },
    ...{ input: Readable.from(lines()), format: "jsonl" },
    onProgress({ chunks }) {
      if (chunks < shown + every) return;
      shown = chunks;
      tell("stored", chunks);
    },
  });
  tell("indexed", summary.chunks);
  const { chunks, faults } = await verifyIndex({ to });
  tell(faults.length === 0 ? "verified" : faults.join(), chunks);
} finally {
  server.kill();
  await rm(to, { recursive: true, force: true });
}
