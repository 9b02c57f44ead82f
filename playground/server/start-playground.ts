/** arguments of `npm run playground` -> the program as a process of its own, for tests */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
// There is no `import.meta.resolve` if a test runner's loader has loaded this file.
const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx"));
const withSource = ["--conditions=@together-retrieval/source", "--import", String(loader)];

export interface RunningPlayground {
  url: string;
  /** Stops it as Ctrl-C does. Resolves with the exit code. */
  interrupt(): Promise<number | null>;
  /** What it has printed so far. */
  output(): { stdout: string; stderr: string };
}

/** Resolves once it has printed the page's address. @throws Error with what it printed, if it ends before that */
export async function startPlayground(
  args: string[],
  environment: Record<string, string> = {},
): Promise<RunningPlayground> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...withSource, main, ...args], {
    env: { PATH, HOME, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stderr.setEncoding("utf8").on("data", (text) => (said.stderr += text));
  const ended = once(child, "close") as Promise<[number | null]>;
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said.stdout += text;
      const found = /^Playground +(http:\S+) /m.exec(said.stdout)?.[1];
      if (found) resolve(found);
    });
    void ended.then(([code]) => reject(new Error(`It ended with ${code}: ${said.stderr}`)));
  });
  return {
    url,
    output: () => said,
    interrupt: async () => {
      child.kill("SIGINT");
      return (await ended)[0];
    },
  };
}
