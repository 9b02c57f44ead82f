/** The built package contains the vocabulary and reads no file. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bertTokenizer } from "./bert.ts";

const run = promisify(execFile);
const packageFolder = join(import.meta.dirname, "..");
let folder: string;

beforeAll(async () => {
  // Inside the package, so that what it depends on is found.
  folder = await mkdtemp(join(packageFolder, "node_modules", ".built-"));
  const tsup = createRequire(import.meta.url).resolve("tsup/dist/cli-default.js");
  const flags = ["--no-dts", "--silent", "--out-dir", folder];
  await run(process.execPath, [tsup, ...flags], { cwd: packageFolder });
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the built package", () => {
  it.for([
    ["an ES module", "module", "index.js", "await import"],
    ["CommonJS", "commonjs", "index.cjs", "require"],
  ])("tokenizes as %s", async ([, type, file, load]) => {
    const text = "Naïve [CLS] 漢字 unaffable";
    const code = `const { bertTokenizer } = ${load}(${JSON.stringify(join(folder, file ?? ""))});
      console.log(JSON.stringify(bertTokenizer().encode(${JSON.stringify(text)})))`;
    // The core comes from its source: no other package has to be built first.
    const flags = ["--conditions=@together-retrieval/source", "--import", "tsx", `--input-type=${type}`];
    const { stdout } = await run(process.execPath, [...flags, "-e", code], { cwd: packageFolder });
    expect(JSON.parse(stdout)).toEqual(bertTokenizer().encode(text));
  });

  it("imports nothing of Node's, and so runs in browsers and Workers", async () => {
    for (const file of ["index.js", "index.cjs"]) {
      const code = await readFile(join(folder, file), "utf8");
      const imported = Array.from(code.matchAll(/(?:from|require\()\s*"([^"]+)"/g), ([, name]) => name);
      expect(imported.sort()).toEqual(["@huggingface/tokenizers", "@together-retrieval/core"]);
    }
  });
});
