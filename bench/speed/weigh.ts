/** A package's source -> bytes after bundling, minifying and gzip, without what it names as dependency or peer. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export interface Weighed {
  entry: string;
  /** What it is meant to weigh, in bytes; 1 kB is 1,000 of them. */
  aim: number;
  /** The most that it may weigh, in bytes. Core is above its aim; this keeps it from growing further. */
  limit: number;
}

export const weighed: Weighed[] = [
  { entry: "packages/core/src/index.ts", aim: 13_000, limit: 24_200 },
  { entry: "packages/langchain/src/index.ts", aim: 4_000, limit: 4_000 },
  { entry: "packages/llamaindex/src/index.ts", aim: 4_000, limit: 4_000 },
  { entry: "packages/llamaindex/src/reranker.ts", aim: 4_000, limit: 4_000 },
];

const root = new URL("../../", import.meta.url);

/** Core with the part of `together-ai` that it uses, as bundlers build it for a page. It has to be built. */
export async function weighPage(): Promise<number> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(root),
    stdin: {
      contents: 'export { TogetherClient } from "./packages/core/dist/index.js"',
      resolveDir: fileURLToPath(root),
    },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
}

/** Of the source, which bundles to the same as what is published, so that no build is needed. */
export async function weigh(entry: string): Promise<number> {
  const [, name] = entry.split("/");
  const manifest = JSON.parse(await readFile(new URL(`packages/${name}/package.json`, root), "utf8"));
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: [entry],
    external: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.imports }),
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
}
