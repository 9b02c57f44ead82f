/** A program -> a process on a processor core of its own, where the system can do that. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

const canPin = availableParallelism() > 1 && spawnSync("taskset", ["--version"]).status === 0;

/** Written into the results: without separate cores, client and server slow each other down. */
export const pinning = canPin ? "server on core 0, clients on core 1" : "not pinned to cores";

/** The server gets a core, and all clients another. */
export function start(program: string, args: string[], core: 0 | 1): ChildProcess {
  const node = [process.execPath, "--expose-gc", program, ...args];
  const [command, ...rest] = canPin ? ["taskset", "-c", String(core), ...node] : node;
  return spawn(command ?? "", rest, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
}
