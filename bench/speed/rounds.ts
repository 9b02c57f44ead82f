/** Contenders -> samples of each, taken in rounds of one sample each, so that a slow spell of the machine affects all of them. */
import type { Contender } from "./contenders.ts";
import type { Row } from "./report.ts";
import { type Sample, sample, type Work } from "./sample.ts";
import type { BenchServer } from "./server.ts";

export interface Bench {
  server: BenchServer;
  rounds: number;
  /** Small jobs and few peers, for a quick look at whether something has changed. */
  isQuick: boolean;
  /** Says what is being measured. */
  say(words: string): void;
}

/** Of each contender, one sample a round. */
export type Samples = Map<Contender, Sample[]>;

export async function runRounds(bench: Bench, contenders: Contender[], work: Work): Promise<Samples> {
  const samples: Samples = new Map(contenders.map((contender) => [contender, []]));
  await inRounds(bench, contenders, async (contender) => {
    samples.get(contender)?.push(await sample(bench.server, contender, work));
  });
  return samples;
}

/** Each round begins with another contender. */
export async function inRounds(
  { rounds, say }: Bench,
  contenders: Contender[],
  take: (contender: Contender) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const start = round % contenders.length;
    for (const contender of [...contenders.slice(start), ...contenders.slice(0, start)]) {
      say(`round ${round + 1} of ${rounds}: ${contender.name}`);
      await take(contender);
    }
  }
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
    taken.map(({ tally, growth, queries, ...measured }, round) => ({
      scenario,
      ...labels,
      client: name,
      round: round + 1,
      ...measured,
      ...growth,
      ...queries,
      ...tally,
    })),
  );
}
