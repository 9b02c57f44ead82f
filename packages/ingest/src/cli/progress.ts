/** the progress of `add` -> a bar on a terminal, lines of JSON elsewhere */
import { SingleBar } from "cli-progress";
import type { AddProgress } from "../index/add-options.ts";

export interface ProgressView {
  update(progress: AddProgress): void;
  stop(): void;
}

export interface ProgressOptions {
  isBar: boolean;
  /** Dollars, or whatever you pay in, for a million tokens. */
  price: number | undefined;
  print(line: string): void;
}

/** Milliseconds between two lines. */
const lineMs = 1_000;

export function showProgress(options: ProgressOptions): ProgressView {
  return options.isBar ? showBar(options) : showLines(options);
}

/** By bytes of the source, which are known before the chunks are. */
function showBar({ price }: ProgressOptions): ProgressView {
  const startedAt = performance.now();
  const bar = new SingleBar({
    format: "{bar} {percentage} % · {chunks} chunks · {rate}/s · {tokens} tokens{cost} · {left} left",
    ...{ barsize: 24, barCompleteChar: "█", barIncompleteChar: "░", hideCursor: true, etaBuffer: 50 },
  });
  let isStarted = false;
  return {
    update(progress) {
      const { bytes, totalBytes, chunks, tokens } = progress;
      const payload = {
        ...{ chunks: chunks.toLocaleString("en"), tokens: tokens.toLocaleString("en") },
        rate: rateOf(progress, startedAt),
        cost: price === undefined ? "" : `, ${costOf(tokens, price)}`,
        left: timeLeft(progress, startedAt),
      };
      if (isStarted) bar.update(bytes, payload);
      else bar.start(totalBytes ?? 0, bytes, payload);
      isStarted = true;
    },
    stop: () => bar.stop(),
  };
}

function showLines({ price, print }: ProgressOptions): ProgressView {
  const startedAt = performance.now();
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    update(progress) {
      if (performance.now() - shownAt < lineMs) return;
      shownAt = performance.now();
      const cost = price === undefined ? undefined : Number(costOf(progress.tokens, price));
      print(
        JSON.stringify({
          event: "progress",
          ...progress,
          chunksPerSecond: rateOf(progress, startedAt),
          cost,
        }),
      );
    },
    stop() {},
  };
}

function rateOf({ chunks }: AddProgress, startedAt: number): number {
  return Math.round((1_000 * chunks) / Math.max(1, performance.now() - startedAt));
}

function timeLeft({ bytes, totalBytes }: AddProgress, startedAt: number): string {
  if (!totalBytes || bytes === 0) return "?";
  const seconds = ((performance.now() - startedAt) / 1_000) * (totalBytes / bytes - 1);
  return durationOf(seconds);
}

export function durationOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

/** In the currency of the price. */
export function costOf(tokens: number, price: number): string {
  return ((tokens * price) / 1_000_000).toFixed(4);
}
