/** "Copy as code": what is on the clipboard compiles, runs, and prints what is on the screen. */
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { execute } from "../../release/consumers/execute.ts";
import { openBrowser, Visitor } from "./visitor.ts";

const playground = fileURLToPath(new URL("..", import.meta.url));
const nodeTypes = join(playground, "../node_modules/@types");
const typescript = createRequire(import.meta.url).resolve("typescript/bin/tsc");

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await openBrowser();
  folder = await mkdtemp(join(tmpdir(), "together-program-"));
  await symlink(join(playground, "node_modules"), join(folder, "node_modules"));
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

async function copy(search: string) {
  const visitor = await Visitor.come(browser, inject("playground"), search);
  await visitor.seeAnswer();
  const shown = { candidates: await visitor.read("candidates"), ranking: await visitor.read("ranking") };
  await visitor.page.getByRole("button", { name: "Copy as code" }).click();
  await visitor.page.getByText("Copied.").waitFor();
  const code = await visitor.page.evaluate(() => navigator.clipboard.readText());
  expect(await visitor.page.locator("section.code").textContent()).toBe(code);
  await visitor.leave();
  return { code, shown };
}

/** With the compiler options of a usual project. The types of our packages come from their sources. */
async function compile(file: string): Promise<void> {
  const flags =
    "--noEmit --strict --skipLibCheck --allowImportingTsExtensions --target es2023 --module nodenext";
  const places = [
    "--customConditions",
    "@together-retrieval/source",
    "--typeRoots",
    nodeTypes,
    "--types",
    "node",
  ];
  await execute(process.execPath, [typescript, ...flags.split(" "), ...places, file], { cwd: folder });
}

/** Sources and scores under each heading. */
async function run(file: string) {
  const source = ["--conditions=@together-retrieval/source", "--import", import.meta.resolve("tsx")];
  const { stdout } = await execute(process.execPath, [...source, file], { cwd: folder });
  const [, candidates = "", ranking = ""] =
    /^By vector\n(.*)^Reranked\n(.*)^3 requests, \d+ tokens\n$/ms.exec(stdout) ?? [];
  const read = (lines: string) =>
    lines
      .trimEnd()
      .split("\n")
      .map((line) => ({
        source: line.slice(line.indexOf(" ") + 1),
        score: line.slice(0, line.indexOf(" ")),
      }));
  return { candidates: read(candidates), ranking: read(ranking) };
}

describe("the program of a search", () => {
  it.each([
    ["LangChain", "?q=What+does+a+%22ticket%22+cost%3F&candidates=6&top=3"],
    ["LlamaIndex", "?q=Where+do+dogs+wait%3F&with=llamaindex&candidates=6&top=3"],
  ])(
    "with %s compiles, and finds what is on the screen",
    async (framework, search) => {
      const { code, shown } = await copy(search);
      const file = join(folder, `${framework}.mts`);
      await writeFile(file, code);
      await compile(file);
      expect(await run(file)).toEqual(shown);
    },
    300_000,
  );
});
