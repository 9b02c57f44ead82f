/** A client and a task -> every vector of a stream, checked as it comes and not kept; what the process grew by. */
import { makeText } from "../texts.ts";
import { vectorChecker } from "./check.ts";
import type { Client } from "./client.ts";
import type { Growth, Task } from "./task.ts";

/** Buffers, compiled code and the collector's habits have settled by then. */
const FIRST = 10_000;
const MIB = 2 ** 20;

export async function runStream(client: Client, { kind, count, dimensions }: Task) {
  if (!client.stream) throw new Error("This client has no stream");
  const check = vectorChecker(dimensions);
  const growth: Growth = { rssAtFirst: 0, rssGrowth: 0, heapAtFirst: 0, heapGrowth: 0 };
  let returned = 0;
  for await (const { item, vector } of client.stream(source(kind, count))) {
    check(item, vector);
    returned++;
    if (returned === FIRST) {
      growth.rssAtFirst = process.memoryUsage.rss() / MIB;
      growth.heapAtFirst = heapInUse();
    } else if (returned > FIRST && returned % 1_000 === 0) {
      const grown = process.memoryUsage.rss() / MIB - growth.rssAtFirst;
      growth.rssGrowth = Math.max(growth.rssGrowth, grown);
      if (returned > count - 1_000) growth.heapGrowth = heapInUse() - growth.heapAtFirst;
    }
  }
  return { returned, growth };
}

function* source(kind: Task["kind"], count: number) {
  for (let number = 0; number < count; number++) yield makeText(kind, number);
}

/** What is reachable, so that garbage that waits for its collector is not taken for a leak. */
function heapInUse(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / MIB;
}
