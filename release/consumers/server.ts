/** an app with the local server installed -> its command running on a free port, until Ctrl-C */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { plainEnvironment } from "./execute.ts";

export interface RunningCommand {
  /** The base URL that its line names. */
  url: string;
  /** As Ctrl-C does. Resolves with the exit code when it has ended, having said one line and left no process behind. */
  interrupt(): Promise<number | null>;
}

/** Resolves when the command has said where it listens. */
export async function startCommand(folder: string, command: string, args: string[]): Promise<RunningCommand> {
  // A process group of its own, as a terminal makes one: Ctrl-C reaches the command and whatever started it.
  const child = spawn(command, [...args, "--port", "0"], {
    cwd: folder,
    env: plainEnvironment(),
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const group = -(child.pid ?? Number.NaN);
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "close") as Promise<[number | null]>;
  await Promise.race([once(child.stdout, "data"), ended]);
  const url = /^Listening on (http:\/\/127\.0\.0\.1:\d+\/v1) .*\n$/.exec(said)?.[1];
  if (!url) throw new Error(`Expected one line that says where it listens, got: ${said}`);
  return {
    url,
    interrupt: async () => {
      process.kill(group, "SIGINT");
      const [code] = await ended;
      if (said.split("\n").length !== 2) throw new Error(`Expected one line, got: ${said}`);
      if (isAlive(group)) throw new Error("Expected no process to be left behind");
      return code;
    },
  };
}

/** The command itself ends with 0. Under npx the exit code is npm's: it ends by the signal, whatever the command did. */
export async function interruptCommand(folder: string): Promise<void> {
  const { interrupt } = await startCommand(folder, join(folder, "node_modules/.bin/together-local"), []);
  const code = await interrupt();
  if (code !== 0) throw new Error(`Expected exit code 0, got ${code}`);
}

function isAlive(group: number): boolean {
  try {
    return process.kill(group, 0);
  } catch {
    return false;
  }
}
