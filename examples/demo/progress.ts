/** an index's progress -> a bar on a terminal, or a line for each quarter where there is no terminal */
import type { AddProgress } from "@together-retrieval/ingest";
import { SingleBar } from "cli-progress";

export interface Progress {
  update(progress: AddProgress): void;
  stop(): void;
}

/** The usual bytes in a token of English Markdown with code. The bar only needs an estimate, as the end is reported separately. */
const bytesPerToken = 3;

/** Counts the tokens that were embedded, because files are read earlier than that. */
function shareOf({ tokens, totalBytes = 1 }: AddProgress): number {
  return Math.min(0.99, (tokens * bytesPerToken) / totalBytes);
}

export function showProgress(): Progress {
  if (!process.stdout.isTTY) return showQuarters();
  const bar = new SingleBar({
    format: "Embedding      {bar} {chunks} passages, about {eta_formatted} to go",
    barsize: 30,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    clearOnComplete: true,
  });
  bar.start(1, 0, { chunks: 0 });
  return {
    update: (progress) => bar.update(shareOf(progress), { chunks: progress.chunks }),
    stop: () => bar.stop(),
  };
}

function showQuarters(): Progress {
  let shown = 0;
  const begun = performance.now();
  return {
    update(progress) {
      const share = shareOf(progress);
      const quarter = Math.floor(4 * share);
      if (quarter > shown && quarter < 4) {
        const seconds = ((performance.now() - begun) / 1000) * (1 / share - 1);
        console.log(`Embedding      ${progress.chunks} passages, about ${Math.ceil(seconds)} s to go`);
      }
      shown = quarter;
    },
    stop() {},
  };
}
