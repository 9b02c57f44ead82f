/** a program of this folder and its arguments -> what it printed and how it ended */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const examples = fileURLToPath(new URL(".", import.meta.url));
const withSource = ["--conditions=@together-retrieval/source", "--import", import.meta.resolve("tsx")];

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the source as a process of its own, in an environment of its own. */
export async function runExample(
  file: string,
  args: string[],
  environment: Record<string, string> = {},
  cwd = examples,
): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...withSource, file, ...args], {
    cwd,
    env: { PATH, HOME, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 55_000, // one that does not end is ended, and its exit code is null
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, ...output };
}
