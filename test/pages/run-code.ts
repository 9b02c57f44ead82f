/** A page's code -> what it prints, run in a process of its own as a reader would run it. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A TypeScript block of a page. */
export interface Block {
  code: string;
  /** Its name in a group of blocks: "```ts [LangChain]". */
  title: string | undefined;
  /** Why it cannot run by itself: "```ts not run: it needs a database". */
  notRun: string | undefined;
  /** What it prints, where the page shows that: the next "```text" block, if no other program comes before it. */
  prints: string | undefined;
}

/** The TypeScript blocks of a Markdown file, in order. */
export async function readBlocks(file: URL): Promise<Block[]> {
  const markdown = await readFile(file, "utf8");
  const fence = /^```ts(?: \[([^\]\n]+)\]| not run: ([^\n]+))?\n(.*?)^```$/gms;
  const blocks = [...markdown.matchAll(fence)].map((found) => {
    const [whole, title, notRun, code = ""] = found;
    return { code, title, notRun, prints: outputAfter(markdown.slice(found.index + whole.length)) };
  });
  const opened = markdown.match(/^\s*(```|~~~)(ts|typescript|js|javascript|mjs|tsx)\b/gm) ?? [];
  if (opened.length !== blocks.length) {
    throw new Error(`Expected every block of ${file.pathname} to begin with "\`\`\`ts", a title or a reason`);
  }
  return blocks;
}

/** The output that the page shows for the program before `rest`. */
function outputAfter(rest: string): string | undefined {
  // All blocks of a group print the same.
  const [upToNextProgram = ""] = rest.replace(/^(\n+```ts \[.*?^```$)*/ms, "").split(/^```ts/m);
  return /^```text\n(.*?)^```$/ms.exec(upToNextProgram)?.[1];
}

/** The code alone. */
export async function readCode(file: URL): Promise<string[]> {
  return (await readBlocks(file)).map(({ code }) => code);
}

/** The page's code with the test server's address, so that its requests reach that server. */
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
