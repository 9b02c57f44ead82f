/** The files that "Testing your RAG" has for vitest: written into a folder, vitest runs them. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const docs = new URL("../../docs/", import.meta.url);
const cache = fileURLToPath(new URL(".vitepress/cache/", docs));
const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/** The page's configuration, and our packages from their source. */
const config = `
  import { mergeConfig } from "vitest/config";
  import page from "./vitest.config.ts";
  const conditions = ["@together-retrieval/source", "module", "node", "development|production"];
  export default mergeConfig(page, { resolve: { conditions }, ssr: { resolve: { conditions } } });`;

test("the three files pass as they stand", { timeout: 180_000 }, async () => {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "testing-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const page = await readFile(new URL("testing.md", docs), "utf8");
  const files = [...page.matchAll(/^`([\w.-]+)`:\n\n```ts not run: vitest does\n(.*?)^```$/gms)];
  expect(files).toHaveLength(3);
  for (const [, name = "", code = ""] of files) await writeFile(join(folder, name), code);
  await writeFile(join(folder, "source.config.ts"), config);
  // Without the variables of this test run, because the page's tests are a run of their own.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST")));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [vitest, "run", "--config", "source.config.ts"],
    {
      cwd: folder,
      env: { ...env, NO_COLOR: "1", CI: "1" },
    },
  );
  expect(stdout).toMatch(/Tests {2}2 passed \(2\)/);
});
