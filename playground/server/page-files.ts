/** the page's sources -> its files, built in memory: nothing is written */
import { fileURLToPath } from "node:url";
import { getMimeType } from "hono/utils/mime";
import { build } from "vite";

export type PageFiles = Map<string, { content: string | Uint8Array<ArrayBuffer>; type: string }>;

const page = fileURLToPath(new URL("../page", import.meta.url));

/** The files by path. `/` is the page itself. */
export async function buildPage(): Promise<PageFiles> {
  const built = await build({
    root: page,
    configFile: false,
    logLevel: "error",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    worker: { format: "es" },
    build: { write: false, target: "es2022", modulePreload: false, assetsInlineLimit: 0 },
  });
  const files: PageFiles = new Map();
  for (const output of [built].flat()) {
    if (!("output" in output)) throw new Error("Expected a build, got a watcher");
    for (const file of output.output) {
      const content = file.type === "chunk" ? file.code : (file.source as string | Uint8Array<ArrayBuffer>);
      const type = getMimeType(file.fileName) ?? "application/octet-stream";
      files.set(file.fileName === "index.html" ? "/" : `/${file.fileName}`, { content, type });
    }
  }
  return files;
}
