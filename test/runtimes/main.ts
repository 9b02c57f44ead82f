/** `npm run test:runtimes`: our tarballs in Node, Bun, Deno, workerd and Chromium, against the local server of the tarball */
import { install, removeScratchFolders, runProgram, scratchFolder } from "../consumers/app.ts";
import { execute } from "../consumers/execute.ts";
import { Matrix } from "../consumers/matrix.ts";
import { pack } from "../consumers/pack.ts";
import { startCommand } from "../consumers/server.ts";
import { findChromium, runInPage } from "./browser.ts";
import { findNode, installTools, nodeVersions, versions } from "./tools.ts";
import { runInWorker } from "./worker.ts";

const hosts = { "@langchain/core": "1.4.0", "@llamaindex/core": "0.6.23" };

/** Program of `test/consumers/programs` -> what the table calls it. */
const rows = {
  core: "core",
  tokenizers: "tokenizers",
  langchain: `langchain, @langchain/core ${hosts["@langchain/core"]}`,
  reranker: "llamaindex/reranker",
  llamaindex: `llamaindex, @llamaindex/core ${hosts["@llamaindex/core"]}`,
  local: "local",
};
type Program = keyof typeof rows;

/** Where `@llamaindex/core/embeddings` cannot be loaded; the server is Node's alone. */
const edge: Program[] = ["core", "tokenizers", "langchain", "reranker"];
const outsideNode: Program[] = [...edge, "llamaindex"];

interface Runtime {
  name: string;
  programs: Program[];
  run(program: Program, baseURL: string): Promise<unknown>;
}

async function prepare(tarballs: Record<string, string>): Promise<Runtime[]> {
  const app = await install("npm", tarballs, Object.keys(tarballs), hosts);
  const tools = await installTools();
  const all = Object.keys(rows) as Program[];
  const nodes = await Promise.all(
    nodeVersions.map(async (version): Promise<Runtime> => {
      const node = await findNode(version);
      return {
        name: `Node ${version}`,
        programs: all,
        run: async (program, baseURL) => {
          await runProgram(app, program, "ESM", baseURL, node);
          await runProgram(app, program, "CJS", baseURL, node);
        },
      };
    }),
  );
  const engine = (name: "bun" | "deno", flags: string[]): Runtime => ({
    name: `${name} ${versions[name]}`,
    programs: outsideNode,
    run: (program, baseURL) =>
      execute(tools.command(name), [...flags, "main.mjs", `./${program}.mjs`, baseURL], {
        cwd: app.folder,
        env: { DENO_NO_UPDATE_CHECK: "1" },
      }),
  });
  return [
    ...nodes,
    engine("bun", ["run"]),
    engine("deno", ["run", "--allow-all", "--node-modules-dir=manual"]),
    {
      name: `workerd (miniflare ${versions.miniflare})`,
      programs: edge,
      run: (program, baseURL) => runInWorker(tools, app, program, baseURL),
    },
    {
      name: "Chromium",
      programs: edge,
      run: async (program, baseURL) => runInPage(tools, app, program, baseURL, await findChromium()),
    },
  ];
}

const matrix = new Matrix("in use");
try {
  const tarballs = await pack(await scratchFolder());
  const { folder } = await install("npm", tarballs, ["@together-retrieval/local"], {});
  const server = await startCommand(folder, "npx", ["@together-retrieval/local"]);
  try {
    for (const { name, programs, run } of await prepare(tarballs))
      for (const program of programs) await matrix.run(rows[program], name, () => run(program, server.url));
  } finally {
    await server.interrupt();
  }
} finally {
  await removeScratchFolders();
  matrix.report();
}
