/** The pages of `docs`: every block compiles, runs, and prints what the page says it prints. */
import { readdir } from "node:fs/promises";
import { type LocalServer, startLocalServer } from "@together-retrieval/local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileErrors } from "./compile.ts";
import { readmePrograms } from "./readme-programs.ts";
import { readBlocks, runCode } from "./run-code.ts";

const docs = new URL("../../docs/", import.meta.url);
/** The tests of moving over run these pages, with the code before and after side by side. */
const runElsewhere = /^moving-over-/;

const pages = (await readdir(docs)).filter((name) => name.endsWith(".md"));
const blocks = await Promise.all(
  pages.map(async (page) =>
    (await readBlocks(new URL(page, docs))).map((block, at) => ({ ...block, name: `${page} ${at + 1}` })),
  ),
).then((all) => all.flat());

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
}, 60_000);
afterAll(() => server.close());

// Each program is a process that loads a host, which takes many seconds on a busy machine.
describe("the pages' code", { timeout: 180_000 }, () => {
  test("compiles, and so does that of the packages' READMEs", async () => {
    expect(blocks.length).toBeGreaterThan(5);
    const inPages = blocks.map(({ name, code }) => ({
      file: new URL(`${name.replaceAll(/\W/g, "-")}.ts`, docs),
      code,
    }));
    expect(compileErrors([...inPages, ...(await readmePrograms())])).toEqual([]);
  });

  const running = blocks.filter(({ name, notRun }) => !notRun && !runElsewhere.test(name));
  test.concurrent.for(running)("$name runs", async ({ code, prints }, { expect }) => {
    const printed = await runCode(code, docs, {
      TOGETHER_API_KEY: "test-key",
      TOGETHER_BASE_URL: server.url,
    });
    if (prints === undefined) expect(printed).toMatch(/\S/);
    else expect(printed).toBe(prints);
  });
});
