import type { Options } from "tsup";

/** What every package builds: ESM and CommonJS, each with its types. */
export const base = {
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  dts: { compilerOptions: { customConditions: [] } },
  target: "node20",
  clean: true,
} satisfies Options;
