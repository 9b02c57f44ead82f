import { defineConfig } from "tsup";
import { base } from "../../tsup.config.ts";

export default defineConfig([
  base,
  // The command.
  {
    entry: { cli: "src/cli/main.ts" },
    format: ["esm"],
    target: base.target,
    splitting: true,
    skipNodeModulesBundle: true,
  },
]);
