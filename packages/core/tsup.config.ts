import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineConfig, type Options } from "tsup";
import { base } from "../../tsup.config.ts";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** `src/together.ts` holds the official client with an empty class in the place of each resource. */
const withoutResources: Plugin = {
  name: "without-resources",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/resources\// }, ({ path, importer }) =>
      importer.includes("together-ai") ? { path: path.replace(/\.mjs$/, ""), namespace: "empty" } : undefined,
    );
    const contents = "module.exports = new Proxy({}, { get: () => class {} });";
    onLoad({ filter: /./, namespace: "empty" }, () => ({ contents, loader: "js" }));
  },
};

const sdk = dirname(createRequire(import.meta.url).resolve("together-ai"));

export default defineConfig({
  ...base,
  entry: ["src/index.ts", "src/adapter.ts", "src/together.ts"],
  dts: { ...base.dts, entry: ["src/index.ts", "src/adapter.ts"] },
  // Both doors share one copy of the classes, in CommonJS too.
  splitting: true,
  external: ["#together"],
  noExternal: ["together-ai"],
  esbuildPlugins: [withoutResources],
  onSuccess: async () => {
    await copyFile(join(sdk, "LICENSE"), "dist/together-ai.LICENSE");
  },
});
