import { defineConfig } from "tsup";
import { base } from "../../tsup.config.ts";

/** The inference thread is a file of its own; the tests build it too, because Node 20 runs no TypeScript in a worker. */
export const worker = {
  entry: ["src/worker.ts"],
  format: ["esm"],
  target: base.target,
  clean: false,
  skipNodeModulesBundle: true,
} satisfies Parameters<typeof defineConfig>[0];

// `dist/model` is written by scripts/build-model.ts: only what tsup itself writes is cleaned.
export default defineConfig([
  { ...base, shims: true, clean: ["index.*"] },
  { ...worker, entry: ["src/worker.ts", "src/cli.ts"], splitting: false },
]);
