/** The adapter in fresh processes, on the oldest and newest hosts of its peer range, as ES modules and as CommonJS. */
import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { it } from "@together-retrieval/test-server/fixture";
import { build } from "tsup";
import { afterAll, beforeAll, describe, expect, vi } from "vitest";
import manifest from "../package.json" with { type: "json" };
import config from "../tsup.config.ts";

// Each program is a process that loads LlamaIndex, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const execute = promisify(execFile);
/** The process inherits no environment: package managers set NODE_PATH, which would add packages that the folder lacks. */
const run = (app: string, ...args: string[]) =>
  execute(process.execPath, ["program.cjs", ...args], { cwd: app, env: {} });
const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const folders: string[] = [];
let built: string;

/** The adapter as it is published, with the core's source bundled in, so that no other package has to be built first. */
beforeAll(async () => {
  built = await makeFolder();
  const { "@together-retrieval/source": _, ...root } = manifest.exports["."];
  const { "@together-retrieval/source": __, ...reranker } = manifest.exports["./reranker"];
  await writeFile(
    join(built, "package.json"),
    JSON.stringify({ type: "module", exports: { ".": root, "./reranker": reranker } }),
  );
  await build({
    ...(config as object),
    entry: [at("src/index.ts"), at("src/reranker.ts")],
    ...{ config: false, dts: false, silent: true, outDir: join(built, "dist") },
    external: [/^@llamaindex/],
    noExternal: [/^@together-retrieval/, /^together-ai/],
    esbuildOptions: (options) => {
      options.conditions = ["@together-retrieval/source"];
    },
  });
}, 60_000);
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "together-llamaindex-"));
  folders.push(folder);
  return folder;
}

/** An application's folder. `hosts`: a package's name -> which of our development dependencies it is. */
async function install(hosts: Record<string, string>): Promise<string> {
  const app = await makeFolder();
  const modules = join(app, "node_modules");
  for (const [name, dependency] of Object.entries(hosts)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(await realpath(at(`node_modules/${dependency}`)), join(modules, name));
  }
  await cp(built, join(modules, manifest.name), { recursive: true });
  await copyFile(at("src/versions.program.cjs"), join(app, "program.cjs"));
  return app;
}

describe.each([
  ["@llamaindex/core 0.6.0 alone", { "@llamaindex/core": "llamaindex-core-oldest" }],
  ["@llamaindex/core 0.6.23 alone", { "@llamaindex/core": "llamaindex-core-newest" }],
  ["llamaindex 0.12.1", { "@llamaindex/core": "@llamaindex/core", llamaindex: "llamaindex" }],
])("on %s", (_, hosts) => {
  it.for(["esm", "cjs"])("everything works and classes are one, as %s", async (format, { server }) => {
    const app = await install(hosts);
    const { stdout, stderr } = await run(app, format, server.baseURL);
    expect(JSON.parse(stdout)).toEqual({
      isBaseEmbedding: true,
      isOneReranker: true,
      isSettings: true,
      dimensions: [8, 8],
      query: 8,
      best: [["score:0.7", 0.7, 0.5]],
      ...("llamaindex" in hosts && { isBaseEmbeddingOfUmbrella: true, retrieved: ["which?", 1] }),
    });
    // LlamaIndex warns here when it is loaded twice.
    expect(stderr).toBe("");
  });
});

describe("without any llamaindex", () => {
  it.for(["esm", "cjs"])("the reranker's own door opens and ranks, as %s", async (format, { server }) => {
    const app = await install({});
    await writeFile(
      join(app, "program.cjs"),
      `const load = ${format === "cjs" ? "require" : "(name) => import(name)"};
      Promise.resolve(load("${manifest.name}/reranker")).then(async ({ TogetherReranker }) => {
        const reranker = new TogetherReranker({ model: "m", apiKey: "k", baseURL: "${server.baseURL}" });
        const node = { metadata: {}, getContent: (mode) => "score:0.7 " + mode };
        const ranked = await reranker.postprocessNodes([{ node }], [{ type: "text", text: "which?" }]);
        console.log(JSON.stringify(ranked.map(({ score }) => score)));
      });`,
    );
    const { stdout } = await run(app);
    expect(JSON.parse(stdout)).toEqual([0.7]);
    expect(server.requests[0]?.documents).toEqual(["score:0.7 EMBED"]);
  });
});
