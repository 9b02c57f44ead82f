/** an app and a program -> a page's script, as Vite or webpack builds it with no settings of its own; a warning is a failure */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { App } from "../consumers/app.ts";
import type { Tools } from "./tools.ts";

/** What is used of Vite. */
interface Vite {
  build(options: object): Promise<{ output: { code?: string }[] }>;
}

/** What is used of webpack. */
type Webpack = (
  options: object,
  done: (
    error: Error | null,
    stats?: { hasErrors(): boolean; hasWarnings(): boolean; toString(): string },
  ) => void,
) => void;

export const bundlers = { vite: buildWithVite, webpack: buildWithWebpack };

async function buildWithVite(tools: Tools, app: App, program: string): Promise<string> {
  const entry = await writeEntry(app, program);
  // Comments and circles in LangChain and its dependencies are theirs.
  const onwarn = ({ message, code }: { message: string; code: string }) => {
    if (!["INVALID_ANNOTATION", "CIRCULAR_DEPENDENCY"].includes(code))
      throw new Error(`Vite warns: ${message}`);
  };
  const output = { inlineDynamicImports: true, format: "iife" };
  const { output: chunks } = await tools.load<Vite>("vite").build({
    ...{ root: app.folder, configFile: false, logLevel: "silent" },
    build: { write: false, rollupOptions: { input: entry, onwarn, output } },
  });
  return chunks.find(({ code }) => code)?.code ?? "";
}

async function buildWithWebpack(tools: Tools, app: App, program: string): Promise<string> {
  const entry = await writeEntry(app, program);
  const output = { path: app.folder, filename: "page.js" };
  await new Promise<void>((resolve, reject) => {
    // The size of a page's script is the page's to judge.
    tools.load<Webpack>("webpack")(
      { mode: "production", context: app.folder, entry, output, performance: false },
      (error, stats) => {
        if (error) reject(error);
        else if (!stats || stats.hasErrors() || stats.hasWarnings()) reject(new Error(String(stats)));
        else resolve();
      },
    );
  });
  return readFile(join(app.folder, "page.js"), "utf8");
}

async function writeEntry({ folder }: App, program: string): Promise<string> {
  const entry = join(folder, "page-entry.mjs");
  await writeFile(entry, `import { check } from "./${program}.mjs"; globalThis.check = check;`);
  return entry;
}
