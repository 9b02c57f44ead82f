import { readFile } from "node:fs/promises";
import { defineConfig } from "tsup";
import { base } from "../../tsup.config.ts";
import { vocabularyFile } from "./src/bert-vocabulary.ts";

export default defineConfig({
  ...base,
  // The built package holds the vocabulary itself: no file is read at run time, so that it works in browsers and Workers.
  esbuildPlugins: [
    {
      name: "vocabulary",
      setup(build) {
        build.onLoad({ filter: /bert-vocabulary\.ts$/ }, async () => {
          const text = await readFile(vocabularyFile(), "utf8");
          return { contents: `export const bertVocabulary = ${JSON.stringify(text)};` };
        });
      },
    },
  ],
  esbuildOptions(options) {
    options.charset = "utf8";
  },
});
