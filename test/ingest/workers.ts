/** one worker, and what goes wrong -> how the worker ends, and which jobs of the queue are done or left */
import type { TogetherApiError } from "@together-retrieval/core";
import { exitCodes, runWorker } from "@together-retrieval/ingest";
import { expectEqual, expectThat } from "./expect.ts";
import type { Field } from "./field.ts";

const batchSize = 10;
/** Records for two jobs. */
const texts = Array.from({ length: 2 * batchSize }, (_, at) => `Record ${at} for one worker`);

export async function workers(field: Field): Promise<string> {
  await isRefused(field, 401, /^error: .*401.*Check TOGETHER_API_KEY/m);
  await isRefused(field, 403, /^error: .*403/m);
  await meetsAnotherModel(field);
  await meetsHopelessJobs(field);
  await tellsOfRetries(field);
  return "a wrong key, a lack of rights and another model end a worker at once and leave all; hopeless jobs wait for `retry-failed`; retries are told";
}

interface Status {
  chunks: number;
  pending: number;
  queue: { waiting: number; active: number; delayed: number; failed: number };
}

async function isRefused(field: Field, refusal: number, says: RegExp): Promise<void> {
  const { api } = field;
  const schema = await produce(field, `refused_${refusal}`);
  api.judge = () => ({ status: refusal });
  await endsAtOnce(field, schema, exitCodes.api, says);
}

/** The server answers with another model than the index was made with: nothing is written. */
async function meetsAnotherModel(field: Field): Promise<void> {
  const { api } = field;
  const schema = await produce(field, "another_model");
  await field.query(`UPDATE "${schema}".settings SET answered_by = 'first'`);
  api.judge = () => ({ model: "second" });
  await endsAtOnce(
    field,
    schema,
    exitCodes.index,
    /^error: The server answers with the model second, .* first/m,
  );
  expectEqual("rows written", (await status(field, schema)).chunks, 0);
}

/** The worker ends with this code and line, and its two jobs are left to others. */
async function endsAtOnce(field: Field, schema: string, wanted: number, says: RegExp): Promise<void> {
  const { code, stderr } = await field.startWorker(schema, ["--until-empty"]).running.ended;
  field.api.judge = () => ({});
  expectEqual(`the exit code (${stderr})`, code, wanted);
  expectThat(`a line like ${says}, got ${stderr}`, says.test(stderr));
  const { waiting, active, delayed, failed } = (await status(field, schema)).queue;
  expectEqual("jobs left, and given up", [waiting + active + delayed, failed], [2, 0]);
  field.api.forget();
  if (wanted === exitCodes.api) await finish(field, schema);
}

/** The caller's `onRetry` is called in the caller's process. `limits` shows that the worker obeys a 429 as well. */
async function tellsOfRetries(field: Field): Promise<void> {
  const { api, redis, postgres } = field;
  const schema = await produce(field, "retries");
  let refusals = 1;
  api.judge = () => (refusals-- > 0 ? { status: 429, headers: { "retry-after-ms": "10" } } : {});
  const told: number[] = [];
  const { chunks } = await runWorker({
    ...{ to: postgres.address, schema, redis: redis.address, untilEmpty: true },
    clientOptions: {
      ...{ apiKey: "any", baseURL: api.baseURL },
      onRetry: ({ error }) => told.push((error as TogetherApiError).status),
    },
  });
  expectEqual("chunks, and what the caller's onRetry was told", [chunks, told], [texts.length, [429]]);
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

/** Another worker does the remaining jobs, and none twice. */
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
