/** The status of an index, polled -> lines that say how far all workers are together. */

import { type IndexStatus, indexStatus, type StatusOptions } from "../index/status.ts";
import { pause } from "../pause.ts";
import { costOf, durationOf } from "./progress.ts";

export interface WatchOptions {
  isJson: boolean;
  price: number | undefined;
  signal: AbortSignal;
}

const everyMs = 1_000;
/** The rate is that of the last ten looks. */
const looks = 10;

export async function watchStatus(
  options: StatusOptions,
  { isJson, price, signal }: WatchOptions,
): Promise<void> {
  const seen: { at: number; chunks: number }[] = [];
  while (!signal.aborted) {
    const status = await indexStatus(options);
    seen.push({ at: performance.now(), chunks: status.chunks });
    if (seen.length > looks) seen.shift();
    const rate = rateOf(seen);
    const secondsLeft = rate > 0 ? status.pending / rate : undefined;
    if (isJson)
      console.log(JSON.stringify({ event: "status", ...status, chunksPerSecond: rate, secondsLeft }));
    else showAgain(describeStatus(status, price), rate, secondsLeft);
    if (status.pending === 0) return;
    await pause(everyMs, signal);
  }
}

function rateOf(seen: { at: number; chunks: number }[]): number {
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last || last.at === first.at) return 0;
  return Math.max(0, Math.round((1_000 * (last.chunks - first.chunks)) / (last.at - first.at)));
}

function showAgain(words: string, rate: number, secondsLeft: number | undefined): void {
  const left = secondsLeft === undefined ? "" : `, ${durationOf(secondsLeft)} left`;
  const [clear, home] = ["\u001b[2J", "\u001b[H"];
  process.stdout.write(`${clear}${home}${words}\n${rate} chunks/s${left}\n`);
}

export function describeStatus(status: IndexStatus, price?: number): string {
  const { model, answeredBy, dimensions, documents, unfinished, chunks, pending, refused, tokens, queue } =
    status;
  const cost = price === undefined ? "" : `, ${costOf(tokens, price)} at ${price} a million`;
  const mebibytes = (status.bytes / 2 ** 20).toFixed(1);
  return [
    `Model      ${model}${answeredBy && answeredBy !== model ? ` (${answeredBy})` : ""}, ${dimensions} dimensions`,
    `Documents  ${documents}${unfinished > 0 ? `, ${unfinished} of them unfinished` : ""}`,
    `Chunks     ${chunks}, ${mebibytes} MiB, ${status.hasSearchIndex ? "with" : "without"} an HNSW index`,
    `Waiting    ${pending}`,
    `Refused    ${refused}`,
    `Tokens     ${tokens}${cost}`,
    ...(queue
      ? [
          `Jobs       ${queue.waiting} waiting, ${queue.active} active, ${queue.delayed} to be tried again, ${queue.failed} given up`,
          `Workers    ${queue.workers}`,
        ]
      : []),
  ].join("\n");
}
