/** The command as a process of its own, as a user has it: client and server do not share an event loop. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts it on a free port. */
export async function startCommand(): Promise<{ url: string; pid: number; stop: () => void }> {
  const bin = fileURLToPath(new URL("../../packages/local/bin/together-local.js", import.meta.url));
  const child = spawn(process.execPath, [bin, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const url = /http:\S+/.exec(String(line))?.[0];
  if (!url || child.pid === undefined) throw new Error(`The command did not start: ${line}`);
  return { url, pid: child.pid, stop: () => child.kill("SIGINT") };
}
