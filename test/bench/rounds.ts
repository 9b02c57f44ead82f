/** Contenders -> samples of each, taken in rounds: one of each after the other, so that the machine's moods fall on all alike. */
import type { Measurement, Task } from "./client/task.ts";
import type { Contender } from "./contenders.ts";
import type { Plan, Tally } from "./plan.ts";
import { measureTogether } from "./process.ts";
import type { Row } from "./report.ts";
import type { BenchServer } from "./server.ts";

export interface Bench {
  server: BenchServer;
  rounds: number;
  /** Small jobs and few peers, to see by the day whether something changed. */
  isQuick: boolean;
  /** Says what is being measured. */
  say(words: string): void;
}

export interface Sample extends Measurement {
  /** What the server saw of it. */
  tally: Tally;
}

export interface Work extends Pick<Task, "kind" | "count"> {
  plan: Plan;
  work?: Task["work"];
  warmUp: number;
  watchLoop?: boolean;
  longestMs?: number;
  /** Processes that do the same work at the same time. @default 1 */
  processes?: number;
}

/** Of each contender, one sample a round. */
export type Samples = Map<Contender, Sample[]>;

export async function runRounds(bench: Bench, contenders: Contender[], work: Work): Promise<Samples> {
  const samples: Samples = new Map(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < bench.rounds; round++) {
    // Each round begins with another.
    const start = round % contenders.length;
    for (const contender of [...contenders.slice(start), ...contenders.slice(0, start)]) {
      bench.say(`round ${round + 1} of ${bench.rounds}: ${contender.name}`);
      samples.get(contender)?.push(await sample(bench.server, contender, work));
    }
  }
  return samples;
}

/** Of several processes: the longest time, and all that they returned. @throws when vectors are missing and nothing says why */
export async function sample(
  server: BenchServer,
  { client, settings }: Contender,
  work: Work,
): Promise<Sample> {
  const { plan, kind, count, warmUp, longestMs, processes = 1 } = work;
  const warm = await server.open({ dimensions: plan.dimensions });
  const opened = await server.open(plan);
  const task: Task = {
    client,
    settings,
    kind,
    count,
    warmUp,
    work: work.work ?? "embed",
    watchLoop: work.watchLoop ?? false,
    dimensions: plan.dimensions,
    warmURL: warm.baseURL,
    baseURL: opened.baseURL,
  };
  const tasks = new Array<Task>(processes).fill(task);
  const measured = await measureTogether(tasks, longestMs).catch((cause: unknown) => {
    throw new Error(`${name} could not be measured`, { cause });
  });
  const slowest = measured.reduce((a, b) => (b.wallMs > a.wallMs ? b : a));
  const returned = measured.reduce((sum, each) => sum + each.returned, 0);
  const error = measured.find((each) => each.error)?.error;
  return { ...slowest, returned, ...(error && { error }), tally: await opened.tally() };
}

/** @throws when a client gave up where nothing stood in its way */
export function requireAll(samples: Samples): void {
  for (const [{ name }, taken] of samples) {
    const failed = taken.find(({ error }) => error);
    if (failed) throw new Error(`${name} failed: ${failed.error}`);
  }
}

/** The rows as measured, for the file that keeps them. */
export function rowsOf(scenario: string, labels: Row, samples: Samples): Row[] {
  return [...samples].flatMap(([{ name }, taken]) =>
    taken.map(({ tally, growth, ...measured }, round) => ({
      scenario,
      ...labels,
      client: name,
      round: round + 1,
      ...measured,
      ...growth,
      ...tally,
    })),
  );
}
