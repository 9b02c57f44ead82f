/** our tarballs -> installed as users install them, with real hosts; used, compiled, run by command; tables of what failed */
import { type App, type Format, install, type Manager, removeScratchFolders, runProgram } from "./app.ts";
import { compile, installCompilers, type Resolution, resolutions } from "./compile.ts";
import { type Host, hosts, typescripts } from "./hosts.ts";
import { Matrix } from "./matrix.ts";
import { readPackages, type Tarballs } from "./pack.ts";
import { readFirstProgram, runFirstProgram } from "./page.ts";
import { interruptCommand, startCommand } from "./server.ts";

const managers: Manager[] = ["npm", "pnpm"];
const formats: Format[] = ["ESM", "CJS"];

/** @returns row -> the app that npm installed */
async function useOnHosts(
  matrix: Matrix,
  chosen: Host[],
  tarballs: Tarballs,
  baseURL: string,
): Promise<Map<string, App>> {
  const apps = new Map<string, App>();
  for (const { row, program, ours, others } of chosen) {
    const names = ours.map((name) => `@together-retrieval/${name}`);
    for (const manager of managers) {
      const app = await matrix.run(row, manager, () => install(manager, tarballs, names, others));
      if (!app) continue;
      if (manager === "npm") apps.set(row, app);
      for (const format of formats)
        await matrix.run(row, `${manager} ${format}`, () => runProgram(app, program, format, baseURL));
    }
  }
  return apps;
}

async function compileOnHosts(matrix: Matrix, chosen: Host[], apps: Map<string, App>): Promise<void> {
  const compilers = await installCompilers(typescripts);
  for (const host of chosen) {
    const app = apps.get(host.row);
    if (!app || !host.types) continue;
    for (const compiler of Object.entries(compilers))
      for (const resolution of Object.keys(resolutions) as Resolution[])
        await matrix.run(host.row, `${compiler[0]} ${resolution}`, () =>
          compile(app, compiler, host, resolution),
        );
  }
}

async function runPages(matrix: Matrix, part: string, tarballs: Tarballs, local: string): Promise<void> {
  const folders = Object.keys(await readPackages());
  const all = ["README.md", ...folders.map((folder) => `packages/${folder}/README.md`)];
  // Vectors as long as those of the models that pages name.
  const server = await startCommand(local, "npx", ["@together-retrieval/local", "--dimensions", "1024"]);
  try {
    for (const page of all.filter((page) => page.includes(part))) {
      const found = await readFirstProgram(page);
      if ("missing" in found) matrix.note(page, "ran", found.missing);
      else await matrix.run(page, "ran", () => runFirstProgram(found.code, tarballs, server.url));
    }
  } finally {
    await server.interrupt();
  }
}

/** A package that no row names would be published untried. */
async function expectAllNamed(): Promise<void> {
  const named = hosts.flatMap(({ ours }) => ours);
  const missing = Object.keys(await readPackages()).filter((folder) => !named.includes(folder));
  if (missing.length > 0)
    throw new Error(`Expected hosts.ts to name every package, ${missing.join(", ")} is missing`);
}

/** `part` chooses rows by a part of their name. */
export async function tryAsConsumers(tarballs: Tarballs, part = ""): Promise<void> {
  const used = new Matrix("in use");
  const types = new Matrix("TypeScript (errors in others' declarations)");
  const pages = new Matrix("first program of a page");
  const command = new Matrix("the local server's command");
  const chosen = hosts.filter(({ row }) => row.includes(part));
  try {
    await expectAllNamed();
    const { folder } = await install("npm", tarballs, ["@together-retrieval/local"], {});
    const server = await startCommand(folder, "npx", ["@together-retrieval/local"]);
    try {
      const apps = await useOnHosts(used, chosen, tarballs, server.url);
      await runPages(pages, part, tarballs, folder);
      await compileOnHosts(types, chosen, apps);
    } finally {
      await command.run("npx @together-retrieval/local", "Ctrl-C", () => server.interrupt());
    }
    await command.run("together-local", "Ctrl-C", () => interruptCommand(folder));
  } finally {
    await removeScratchFolders();
    for (const matrix of [used, types, pages, command]) matrix.report();
  }
}
