/** counts of texts -> a bar on a terminal, a line per quarter elsewhere */
import { SingleBar } from "cli-progress";

export interface Progress {
  update(done: number): void;
  stop(): void;
}

export function showProgress(total: number): Progress {
  if (!process.stdout.isTTY) return showQuarters(total);
  const bar = new SingleBar({
    format: "Embedding      {bar} {value}/{total} texts, about {eta_formatted} to go",
    barsize: 30,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}

function showQuarters(total: number): Progress {
  let shown = 0;
  const begun = performance.now();
  return {
    update(done) {
      const quarter = Math.floor((4 * done) / total);
      if (quarter > shown && quarter < 4) {
        const seconds = ((performance.now() - begun) / 1000) * (total / done - 1);
        console.log(`Embedding      ${done} of ${total} texts, about ${Math.ceil(seconds)} s to go`);
      }
      shown = quarter;
    },
    stop() {},
  };
}
