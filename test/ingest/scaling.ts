/** slow answers, and one, two or four workers -> how much faster more workers are */

import { expectThat } from "./expect.ts";
import type { Field } from "./field.ts";

const batchSize = 10;
const concurrency = 2;
const latencyMs = 2_000;
/** Records for each worker, so that all runs take the same time. */
const jobsPerWorker = 12;
/** The best of this many runs counts, because other work on the machine only makes a run slower. */
const attempts = 3;

export async function scaling(field: Field): Promise<string> {
  const best = new Map<number, number>();
  const rate = (count: number) => best.get(count) ?? 0;
  const isGood = () => rate(2) >= 1.8 * rate(1) && rate(4) >= 3.4 * rate(1);
  for (let attempt = 1; attempt === 1 || (attempt <= attempts && !isGood()); attempt++) {
    for (const count of [1, 2, 4])
      best.set(count, Math.max(rate(count), await rateOf(field, count, attempt)));
  }
  const gains = [2, 4].map((count) => (rate(count) / rate(1)).toFixed(2)).join(" and ");
  const told = `1, 2 and 4 workers: 1, ${gains} times ${rate(1).toFixed(1)} chunks a second`;
  expectThat(`at least 1.8 and 3.4 times, got ${told}`, isGood());
  return told;
}

/** Chunks a second, from the moment when all workers have begun. */
async function rateOf(field: Field, count: number, attempt: number): Promise<number> {
  const { api } = field;
  const schema = `scaling_${count}_${attempt}`;
  const texts = Array.from(
    { length: count * jobsPerWorker * batchSize },
    (_, at) => `Record ${at} for ${count} workers`,
  );
  await field.produce(await field.writeRecords(`${schema}.jsonl`, texts), schema, batchSize);
  api.forget();
  api.latencyMs = latencyMs;
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const atWork = new Set<string>();
  api.judge = async ({ key }) => {
    atWork.add(key);
    if (atWork.size === count) open();
    await gate;
    return {};
  };
  const flags = ["--concurrency", String(concurrency), "--until-empty"];
  const ended = Array.from({ length: count }, () => field.startWorker(schema, flags).running.ended);
  await gate;
  const startedAt = performance.now();
  let lastAt = startedAt;
  api.onEvent = (event) => {
    if (event === "answered") lastAt = performance.now();
  };
  for (const { code, stderr } of await Promise.all(ended))
    expectThat(`a worker to end well: ${stderr}`, code === 0);
  return (1_000 * texts.length) / (lastAt - startedAt);
}
