import { defineConfig, type Options } from "tsup";
import { base } from "../../tsup.config.ts";

/** The root imports the subpath's file instead of holding a copy: both doors give the same class, in CommonJS too. */
const rerankerStaysAFile: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "reranker-stays-a-file",
  setup(build) {
    const path = build.initialOptions.format === "cjs" ? "./reranker.cjs" : "./reranker.js";
    build.onResolve({ filter: /^\.\/reranker\.ts$/ }, () => ({ path, external: true }));
  },
};

export default defineConfig({
  ...base,
  entry: ["src/index.ts", "src/reranker.ts"],
  splitting: false,
  esbuildPlugins: [rerankerStaysAFile],
});
