/** `npm run release runtimes`: our tarballs in Node, Bun, Deno, workerd, Chromium, Next.js and jest, against the local server of the tarball */
import { type App, install, removeScratchFolders, runProgram, scratchFolder } from "../consumers/app.ts";
import { execute } from "../consumers/execute.ts";
import { Matrix } from "../consumers/matrix.ts";
import { pack } from "../consumers/pack.ts";
import { startCommand } from "../consumers/server.ts";
import { findChromium, runInPage } from "./browser.ts";
import { bundlePage } from "./bundle.ts";
import { bundlers } from "./bundlers.ts";
import { frameworks, installApplication } from "./frameworks.ts";
import { findNode, installTools, nodeVersions, versions } from "./tools.ts";
import { runInWorker } from "./worker.ts";

/** The newest of both hosts, and the oldest that the peer ranges allow. */
const newest = { "@langchain/core": "1.4.0", "@llamaindex/core": "0.6.23" };
const oldest = { "@langchain/core": "1.0.0", "@llamaindex/core": "0.6.0" };

interface Row {
  /** What the table calls it. */
  row: string;
  /** The file in `release/consumers/programs`. */
  program: string;
  hosts: typeof newest;
  /** `@llamaindex/core/embeddings` cannot be loaded in Workers and pages; the server is Node's alone. */
  runsIn: "Node" | "engines" | "everywhere";
}

function row(program: string, runsIn: Row["runsIn"], hosts = newest, host?: keyof typeof newest): Row {
  return { row: host ? `${program}, ${host} ${hosts[host]}` : program, program, hosts, runsIn };
}

const rows: Row[] = [
  row("core", "everywhere"),
  row("tokenizers", "everywhere"),
  row("langchain-load", "everywhere", newest, "@langchain/core"),
  row("langchain", "everywhere", oldest, "@langchain/core"),
  row("langchain-load", "engines", oldest, "@langchain/core"),
  row("reranker", "everywhere"),
  row("llamaindex", "engines", newest, "@llamaindex/core"),
  row("llamaindex", "engines", oldest, "@llamaindex/core"),
  row("local", "Node"),
];

interface Runtime {
  name: string;
  /** The rows that it runs. */
  runs: Row["runsIn"][];
  run(app: App, program: string, baseURL: string): Promise<unknown>;
}

async function prepare(): Promise<Runtime[]> {
  const tools = await installTools();
  const nodes = await Promise.all(
    nodeVersions.map(async (version): Promise<Runtime> => {
      const node = await findNode(version);
      return {
        name: `Node ${version}`,
        runs: ["Node", "engines", "everywhere"],
        run: async (app, program, baseURL) => {
          await runProgram(app, program, "ESM", baseURL, node);
          await runProgram(app, program, "CJS", baseURL, node);
        },
      };
    }),
  );
  const engine = (name: "bun" | "deno", flags: string[]): Runtime => ({
    name: `${name} ${versions[name]}`,
    runs: ["engines", "everywhere"],
    run: ({ folder }, program, baseURL) =>
      execute(tools.command(name), [...flags, "main.mjs", `./${program}.mjs`, baseURL], {
        cwd: folder,
        env: { DENO_NO_UPDATE_CHECK: "1" },
      }),
  });
  return [
    ...nodes,
    engine("bun", ["run"]),
    engine("deno", ["run", "--allow-all", "--node-modules-dir=manual"]),
    {
      name: `workerd (miniflare ${versions.miniflare})`,
      runs: ["everywhere"],
      run: (app, program, baseURL) => runInWorker(tools, app, program, baseURL),
    },
    ...Object.entries({ esbuild: bundlePage, ...bundlers }).map(
      ([name, build]): Runtime => ({
        name: `Chromium, built by ${name} ${versions[name as keyof typeof versions]}`,
        runs: ["everywhere"],
        run: async (app, program, baseURL) =>
          runInPage(tools, await build(tools, app, program), baseURL, await findChromium()),
      }),
    ),
  ];
}

/** A first argument chooses rows by a part of their name, a second columns: `npm run release runtimes -- application jest`. */
const chosen = rows.filter(({ row }) => row.includes(process.argv[2] ?? ""));

const matrix = new Matrix("in use");
try {
  const tarballs = await pack(await scratchFolder());
  const { folder } = await install("npm", tarballs, ["@together-retrieval/local"], {});
  const server = await startCommand(folder, "npx", ["@together-retrieval/local"]);
  try {
    const runtimes = chosen.length === 0 ? [] : await prepare();
    for (const hosts of new Set(chosen.map(({ hosts }) => hosts))) {
      const app = await install("npm", tarballs, Object.keys(tarballs), hosts);
      const here = chosen.filter((row) => row.hosts === hosts);
      for (const { name, runs, run } of runtimes.filter(({ name }) => name.includes(process.argv[3] ?? "")))
        for (const { row, program } of here.filter(({ runsIn }) => runs.includes(runsIn)))
          await matrix.run(row, name, () => run(app, program, server.url));
    }
    const application = "an application with langchain";
    const inFrameworks = frameworks.filter(({ name }) => name.includes(process.argv[3] ?? ""));
    if (application.includes(process.argv[2] ?? "") && inFrameworks.length > 0) {
      const app = await installApplication(tarballs);
      for (const { name, run } of inFrameworks)
        await matrix.run(application, name, () => run(app, server.url));
    }
  } finally {
    await server.interrupt();
  }
} finally {
  await removeScratchFolders();
  matrix.report();
}
