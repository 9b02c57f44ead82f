/** A page's code -> what it prints, run in a process of its own as a reader would run it. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The TypeScript blocks of a Markdown file, in order. */
export async function readCode(file: URL): Promise<string[]> {
  const markdown = await readFile(file, "utf8");
  return [...markdown.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? "");
}

/** What is written for a known address reaches the test's server: another address, a real request. */
const redirect = `
  const send = globalThis.fetch;
  const known = /^https:\\/\\/api\\.(together\\.xyz|together\\.ai|cohere\\.com|cohere\\.ai)\\/v1/;
  globalThis.fetch = (input, init) => send(String(input.url ?? input).replace(known, process.env.TOGETHER_BASE_URL), init);`;

/** Imports are resolved from `folder`, those of our packages to their source. */
export async function runCode(code: string, folder: URL, env: Record<string, string>): Promise<string> {
  const preload = `data:text/javascript,${encodeURIComponent(redirect)}`;
  const flags = ["--conditions=@together-retrieval/source", "--import", "tsx", "--import", preload];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, "--input-type=module", "--eval", code],
    { cwd: fileURLToPath(folder), env: { ...process.env, ...env } },
  );
  return stdout;
}
