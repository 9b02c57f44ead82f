/** flags -> the built command as a process, with its output and its exit code */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const bin = fileURLToPath(new URL("../../packages/ingest/bin/together-ingest.js", import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves once its output matches the pattern. @throws if it ends before */
  says(pattern: RegExp): Promise<void>;
}

/** With its own environment variables. */
export function start(args: string[], environment: Record<string, string>): Running {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [bin, ...args], {
    env: { PATH, HOME, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
  const said = (pattern: RegExp) => pattern.test(output.stdout) || pattern.test(output.stderr);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ code, ...output }));
  });
  const says = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => said(pattern) && resolve();
      look();
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      const tooLate = ({ code, stderr }: Ended) =>
        reject(new Error(`Expected ${pattern}, got an end with ${code}\n${stderr}`));
      ended.then(tooLate, reject);
    });
  return { child, ended, says };
}

/** @throws if the command's exit code is not 0 */
export async function complete(args: string[], environment: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await start(args, environment).ended;
  if (code !== 0)
    throw new Error(`together-ingest ${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}
