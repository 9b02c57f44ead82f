/** A contender and its works -> one sample of each, all started at the same moment. */
import type { Measurement, Task } from "./client/task.ts";
import type { Contender } from "./contenders.ts";
import type { Plan, Tally } from "./plan.ts";
import { measureTogether } from "./process.ts";
import type { BenchServer } from "./server.ts";

export interface Sample extends Measurement {
  /** What the server saw of it. */
  tally: Tally;
}

export interface Work extends Pick<Task, "kind" | "count" | "warmUp"> {
  plan: Plan;
  work?: Task["work"];
  watchLoop?: boolean;
  /** How often the same client has done the same work before. @default 0 */
  before?: number;
  /** A client that takes longer is stopped, and has returned nothing. @default 10 minutes */
  longestMs?: number;
  /** Processes that do the same work at the same address. @default 1 */
  processes?: number;
}

export async function sample(server: BenchServer, contender: Contender, work: Work): Promise<Sample> {
  const [only] = await samplesTogether(server, contender, [work]);
  if (!only) throw new Error("One work gives one sample");
  return only;
}

/** @throws when a process ends without a word, as it does over a wrong vector */
export async function samplesTogether(
  server: BenchServer,
  contender: Contender,
  works: Work[],
): Promise<Sample[]> {
  const opened = await Promise.all(works.map(({ plan }) => server.open(plan)));
  const tasks = await Promise.all(
    works.map(async (work, at) => {
      const warm = await server.open({ dimensions: work.plan.dimensions });
      return taskOf(contender, work, warm.baseURL, opened[at]?.baseURL ?? "");
    }),
  );
  const runs = works.flatMap(({ longestMs = 600_000, processes = 1 }, at) =>
    Array.from({ length: processes }, () => ({ at, task: tasks[at] as Task, longestMs })),
  );
  const measured = await measureTogether(runs).catch((cause: unknown) => {
    throw new Error(`${contender.name} could not be measured`, { cause });
  });
  return Promise.all(
    opened.map(async ({ tally }, at) => {
      const ofWork = measured.filter((_, run) => runs[run]?.at === at);
      return { ...merge(ofWork), tally: await tally() };
    }),
  );
}

function taskOf({ client, settings }: Contender, work: Work, warmURL: string, baseURL: string): Task {
  const { plan, kind, count, warmUp, watchLoop = false, before = 0 } = work;
  const { dimensions } = plan;
  const what = work.work ?? "embed";
  return {
    client,
    settings,
    work: what,
    kind,
    count,
    dimensions,
    warmUp,
    watchLoop,
    before,
    warmURL,
    baseURL,
  };
}

/** Of several processes the slowest, with all that they returned. */
function merge(measured: Measurement[]): Measurement {
  const slowest = measured.reduce((a, b) => (b.wallMs > a.wallMs ? b : a));
  const returned = measured.reduce((sum, each) => sum + each.returned, 0);
  const error = measured.find((each) => each.error)?.error;
  return { ...slowest, returned, ...(error && { error }) };
}
