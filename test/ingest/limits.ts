/** an account's limit, three workers that share it -> how many requests were refused */

import { expectThat } from "./expect.ts";
import type { Field } from "./field.ts";

const perSecond = 20;
const jobs = 300;
const batchSize = 5;

/** A token bucket that holds the requests of one second and is filled evenly, like an account's limit. */
function makeBucket(): () => boolean {
  let level = perSecond;
  let at = performance.now();
  return () => {
    const now = performance.now();
    level = Math.min(perSecond, level + ((now - at) * perSecond) / 1_000);
    at = now;
    if (level < 1) return false;
    level--;
    return true;
  };
}

export async function limits(field: Field): Promise<string> {
  const { api } = field;
  const texts = Array.from({ length: jobs * batchSize }, (_, at) => `Record ${at} under a limit`);
  await field.produce(await field.writeRecords("limits.jsonl", texts), "limits", batchSize);
  api.forget();
  api.latencyMs = 100;
  const take = makeBucket();
  api.judge = () => (take() ? {} : { status: 429, headers: { "retry-after-ms": "1000" } });
  const flags = ["--rate", String(perSecond), "--until-empty"];
  const team = [1, 2, 3].map(() => field.startWorker("limits", flags).running.ended);
  for (const { code, stderr } of await Promise.all(team))
    expectThat(`a worker to end well: ${stderr}`, code === 0);
  api.judge = () => ({});
  const share = api.refused429 / api.requests;
  expectThat(`under 3 % of requests refused, got ${api.refused429} of ${api.requests}`, share < 0.03);
  expectThat("no text paid for twice", api.totals.extra === 0);
  return `${api.refused429} of ${api.requests} requests refused at ${perSecond} a second`;
}
