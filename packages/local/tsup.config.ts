import { defineConfig } from "tsup";
import { base } from "../../tsup.config.ts";

// Nothing is cleaned: `dist/model` is written by scripts/build-model.ts, and the names of the others never change.
export default defineConfig([
  // `shims` gives CommonJS an `import.meta.url`, by which the model and the thread are found.
  { ...base, shims: true, clean: false },
  // The command, and the inference thread, which must be a file of its own.
  {
    entry: ["src/cli.ts", "src/worker.ts"],
    format: ["esm"],
    target: base.target,
    splitting: false,
    skipNodeModulesBundle: true,
  },
]);
