import { defineConfig } from "tsup";
import { base } from "../../tsup.config.ts";

export default defineConfig([
  { ...base, entry: [...base.entry, "src/langchain.ts", "src/llamaindex.ts"] },
  // The command.
  {
    entry: { cli: "src/cli/main.ts" },
    format: ["esm"],
    target: base.target,
    splitting: true,
    skipNodeModulesBundle: true,
  },
]);
