/** a program of this folder and its arguments -> what it printed and how it ended */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Arrival, LocalServer } from "@together-retrieval/local";

const examples = fileURLToPath(new URL(".", import.meta.url));
const withSource = ["--conditions=@together-retrieval/source", "--import", import.meta.resolve("tsx")];

/** An example takes a few seconds. This is enough for a busy machine, and still ends an example that hangs. */
export const patience = 240_000;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  /** What the program has printed so far. */
  output: { stdout: string; stderr: string };
  ended: Promise<Ended>;
}

/** Starts the source as its own process, with its own environment variables. */
export function startExample(
  file: string,
  args: string[],
  environment: Record<string, string> = {},
  cwd = examples,
): Running {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...withSource, file, ...args], {
    cwd,
    env: { PATH, HOME, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: patience - 10_000, // one that does not end is ended, and its exit code is null
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ code, ...output }));
  });
  return { child, output, ended };
}

/** Starts the program, and waits for its end. */
export function runExample(...start: Parameters<typeof startExample>): Promise<Ended> {
  return startExample(...start).ended;
}

/** The requests that came to a server that was started with `faults`, and perhaps with a key. */
export async function requestsOf({ url }: LocalServer, key = "any"): Promise<Arrival[]> {
  const headers = { authorization: `Bearer ${key}` };
  return (await fetch(new URL("/_requests", url), { headers })).json() as Promise<Arrival[]>;
}
