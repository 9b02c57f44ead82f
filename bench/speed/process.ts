/** Tasks -> measured processes that start their work at the same moment -> measurements. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { built } from "./build.ts";
import type { Measurement, Task } from "./client/task.ts";
import { start } from "./cores.ts";

export interface Run {
  task: Task;
  /** A client that takes longer is stopped, and has returned nothing. */
  longestMs: number;
}

/** Measurement i is run i's. */
export async function measureTogether(runs: Run[]): Promise<Measurement[]> {
  const children = runs.map(({ task, longestMs }) => {
    const child = start(built("client"), [JSON.stringify(task)], 1);
    return { child, longestMs };
  });
  try {
    await Promise.all(children.map(({ child }) => message(child)));
    for (const { child } of children) child.send("go");
    return await Promise.all(children.map(({ child, longestMs }) => measurement(child, longestMs)));
  } finally {
    for (const { child } of children) child.kill("SIGKILL");
  }
}

async function measurement(child: ChildProcess, longestMs: number): Promise<Measurement> {
  const said = message(child) as Promise<Measurement>;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Measurement>((resolve) => {
    timer = setTimeout(() => {
      // The process has been stopped on purpose, so its end is not a failure.
      said.catch(() => {});
      child.kill("SIGKILL");
      const error = `Nothing after ${longestMs / 1_000} s`;
      resolve({ wallMs: longestMs, cpuMs: 0, returned: 0, peakRssMiB: 0, error });
    }, longestMs);
  });
  try {
    return await Promise.race([said, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the process says next. @throws if it ends instead: it has written why. */
async function message(child: ChildProcess): Promise<unknown> {
  const listening = new AbortController();
  const { signal } = listening;
  const ended = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`The process ended with code ${code}; what it wrote stands above`);
  });
  try {
    const [said] = await Promise.race([once(child, "message", { signal }), ended]);
    return said;
  } finally {
    listening.abort();
    ended.catch(() => {});
  }
}
