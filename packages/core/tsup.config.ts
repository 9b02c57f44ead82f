import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { defineConfig, type Options } from "tsup";
import { base } from "../../tsup.config.ts";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** `src/together.ts` holds the official client with an empty class in the place of each resource. */
const withoutResources: Plugin = {
  name: "without-resources",
  setup({ onLoad }) {
    onLoad({ filter: /\/together-ai\/resources\/.*\.mjs$/ }, async ({ path }) => {
      const names = Object.keys(await import(pathToFileURL(path).href));
      return { contents: names.map((name) => `export class ${name} {}`).join("\n"), loader: "js" };
    });
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
