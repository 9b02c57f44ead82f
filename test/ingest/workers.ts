/** one worker and what happens to it -> how it ends, and what of the queue is done and left */
import { exitCodes } from "@together-retrieval/ingest";
import { expectEqual, expectThat } from "./expect.ts";
import type { Field } from "./field.ts";

const batchSize = 10;
/** Two jobs of them. */
const texts = Array.from({ length: 2 * batchSize }, (_, at) => `Record ${at} for one worker`);

export async function workers(field: Field): Promise<string> {
  await hasNoKey(field);
  await meetsHopelessJobs(field);
  return "a wrong key ends a worker at once and leaves all; hopeless jobs wait for `retry-failed`";
}

interface Status {
  chunks: number;
  pending: number;
  queue: { waiting: number; active: number; delayed: number; failed: number };
}

async function hasNoKey(field: Field): Promise<void> {
  const { api } = field;
  const schema = await produce(field, "wrong_key");
  api.judge = () => ({ status: 401 });
  const { code, stderr } = await field.startWorker(schema, ["--until-empty"]).running.ended;
  api.judge = () => ({});
  expectEqual(`the exit code with a wrong key (${stderr})`, code, exitCodes.api);
  expectThat(`a line about the key, got ${stderr}`, /^error: .*401.*Check TOGETHER_API_KEY/m.test(stderr));
  const { waiting, active, delayed, failed } = (await status(field, schema)).queue;
  expectEqual("jobs left, and given up", [waiting + active + delayed, failed], [2, 0]);
  await finish(field, schema);
}

async function meetsHopelessJobs(field: Field): Promise<void> {
  const { api } = field;
  const schema = await produce(field, "hopeless");
  api.judge = () => ({ status: 501 });
  const { code, stderr } = await field.startWorker(schema, ["--until-empty"]).running.ended;
  api.judge = () => ({});
  expectEqual(`the exit code after hopeless jobs (${stderr})`, code, 0);
  expectThat(
    `a line for each, got ${stderr}`,
    (stderr.match(/is given up until `retry-failed`/g) ?? []).length === 2,
  );
  const { pending, queue } = await status(field, schema);
  expectEqual("chunks that wait, and jobs given up", [pending, queue.failed], [texts.length, 2]);
  await field.command(["retry-failed", ...inQueue(field, schema)]);
  await finish(field, schema);
}

async function produce(field: Field, schema: string): Promise<string> {
  await field.produce(await field.writeRecords(`${schema}.jsonl`, texts), schema, batchSize);
  field.api.forget();
  return schema;
}

/** Another worker does what is left, and nothing twice. */
async function finish(field: Field, schema: string): Promise<void> {
  field.api.judge = () => ({});
  const { code, stderr } = await field.startWorker(schema, ["--until-empty"]).running.ended;
  expectEqual(`the exit code of the last worker (${stderr})`, code, 0);
  const { chunks, pending } = await status(field, schema);
  expectEqual("chunks at the end", { chunks, pending }, { chunks: texts.length, pending: 0 });
  expectEqual("texts paid for twice", field.api.totals, { texts: texts.length, extra: 0 });
}

async function status(field: Field, schema: string): Promise<Status> {
  return readStatus(await field.command(["status", "--json", ...inQueue(field, schema)]));
}

function readStatus(line: string): Status {
  return JSON.parse(line) as Status;
}

function inQueue(field: Field, schema: string): string[] {
  return ["--redis", field.redis.address, ...field.flags(schema)];
}
