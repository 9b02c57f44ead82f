/** A measured process: loads its client, warms it up, says `ready`, waits for `go`, and tells what it measured. */
import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { makeTexts } from "../texts.ts";
import { checkRanking, checkVectors, WrongAnswer } from "./check.ts";
import type { Client } from "./client.ts";
import { clients } from "./load.ts";
import { runQueries } from "./queries.ts";
import { runStream } from "./stream.ts";
import type { Measurement, Task } from "./task.ts";

/** Of the loop's clock, in milliseconds: a quiet loop shows about this much. */
const RESOLUTION_MS = 1;

const task: Task = JSON.parse(process.argv[2] ?? "");
const { create } = await clients[task.client]();
// Texts that are never measured, at an address that limits nothing, through an instance that is then thrown away.
if (task.warmUp > 0) {
  const texts = makeTexts(task.kind, task.warmUp, 10_000_000);
  await create({ baseURL: task.warmURL, ...task.settings }).embed(texts);
}
const client = create({ baseURL: task.baseURL, ...task.settings });
const work = prepare(client);
for (let time = 0; time < task.before; time++) await work();
globalThis.gc?.();
process.send?.("ready");
await once(process, "message");
process.send?.(await measure(), () => process.disconnect());

interface Done {
  returned: number;
  growth?: Measurement["growth"];
  queries?: Measurement["queries"];
  /** Checks that need not be measured. */
  check?: () => void;
}

function prepare({ embed, rerank }: Client): () => Promise<Done> {
  if (task.work === "stream") return () => runStream(client, task);
  if (task.work === "queries") return () => runQueries(client, task);
  const texts = makeTexts(task.kind, task.count);
  if (task.work === "embed") {
    return async () => {
      const vectors = await embed(texts);
      return { returned: vectors.length, check: () => checkVectors(texts, vectors, task.dimensions) };
    };
  }
  if (!rerank) throw new Error("This client does not rerank");
  return async () => {
    const ranking = await rerank("query", texts);
    return { returned: ranking.length, check: () => checkRanking(texts, ranking) };
  };
}

async function measure(): Promise<Measurement> {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  if (task.watchLoop) loop.enable();
  let firstRequestMs: number | undefined;
  subscribe("undici:request:create", () => {
    firstRequestMs ??= performance.now() - startedAt;
  });
  const startedAt = performance.now();
  const usedBefore = process.cpuUsage();
  let done: Done = { returned: 0 };
  let failure: unknown;
  try {
    done = await work();
  } catch (error) {
    // A client that gives up is a result; one that lies is none.
    if (error instanceof WrongAnswer) throw error;
    failure = error;
  }
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(usedBefore);
  const peakRssMiB = process.resourceUsage().maxRSS / 1_024;
  loop.disable();
  done.check?.();
  return {
    wallMs,
    ...(firstRequestMs !== undefined && { firstRequestMs }),
    cpuMs: (user + system) / 1_000,
    returned: done.returned,
    peakRssMiB,
    ...(task.watchLoop && { loopP99Ms: loop.percentile(99) / 1e6, loopMaxMs: loop.max / 1e6 }),
    ...(done.growth && { growth: done.growth }),
    ...(done.queries && { queries: done.queries }),
    ...(failure !== undefined && { error: String(failure).slice(0, 200) }),
  };
}
