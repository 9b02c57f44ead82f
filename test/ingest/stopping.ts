/** a worker that is stopped in the middle of its jobs, and `status --watch` beside it -> are the jobs done, and does the watch show them? */
import { expectEqual, expectThat } from "./expect.ts";
import type { Field } from "./field.ts";
import { readRows } from "./rows.ts";

const [jobs, batchSize, concurrency] = [4, 5, 2];

interface Look {
  chunks: number;
  pending: number;
  queue: { active: number; workers: number };
}

export async function stopping(field: Field): Promise<string> {
  const texts = Array.from({ length: jobs * batchSize }, (_, at) => `Record ${at} before the stop`);
  await field.produce(await field.writeRecords("stopping.jsonl", texts), "stopping", batchSize);
  const { answer, came } = hold(field);
  const { running } = field.startWorker("stopping", ["--concurrency", String(concurrency)]);
  await came;
  const watch = field.begin([
    ...["status", "--watch", "--json", "--redis", field.redis.address],
    ...field.flags("stopping"),
  ]);
  await watch.says(/"event":"status".*\n/);
  // The worker prints this when it gets the signal. Its answer comes only after that.
  running.child.kill("SIGTERM");
  await running.says(/Stopping/);
  answer();
  await expectDone(field, running.ended);
  const last = field.startWorker("stopping", ["--until-empty"]);
  expectEqual("the exit code of the next worker", (await last.running.ended).code, 0);
  expectEqual("texts paid for twice", field.api.totals, { texts: texts.length, extra: 0 });
  const looks = await expectWatched(watch.ended);
  return `a busy worker finished its ${concurrency} jobs of ${jobs}; the watch saw ${looks.map(({ chunks }) => chunks).join(", ")} chunks`;
}

/** The API holds its answers back. `came` resolves once the worker has sent as many requests as it may have in flight. */
function hold({ api }: Field): { answer: () => void; came: Promise<void> } {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  api.judge = async () => {
    await answered;
    return {};
  };
  let asked = 0;
  const came = new Promise<void>((resolve) => {
    api.onEvent = (event) => {
      if (event === "came" && ++asked === concurrency) resolve();
    };
  });
  return { answer, came };
}

/** The jobs in progress are written, and no others. The worker says so and ends without an error. */
async function expectDone(field: Field, ended: ReturnType<Field["attempt"]>): Promise<void> {
  const { code, stdout, stderr } = await ended;
  expectEqual(`the exit code of a busy worker told to stop (${stderr.trim()})`, code, 0);
  const done = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  const finished = concurrency * batchSize;
  expectEqual("what it says it did", [done.event, done.chunks, done.failures], ["done", finished, 0]);
  expectEqual("texts paid for", field.api.totals, { texts: finished, extra: 0 });
  expectEqual("rows written", (await readRows(field, "stopping")).size, finished);
}

/** The watch ran during the work, and ended by itself when nothing was waiting. */
async function expectWatched(ended: ReturnType<Field["attempt"]>): Promise<Look[]> {
  const { code, stdout, stderr } = await ended;
  expectEqual(`the exit code of status --watch (${stderr.trim()})`, code, 0);
  const looks: Look[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const [first, last] = [looks[0], looks.at(-1)];
  const { active, workers } = first?.queue ?? {};
  expectEqual("the first look", [first?.chunks, active, workers], [0, concurrency, 1]);
  expectEqual("the last look", [last?.chunks, last?.pending], [jobs * batchSize, 0]);
  expectThat("more than one look", looks.length > 1);
  return looks;
}
