/** `npm run test:playground`: the playground as a process, in a real browser */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import root from "../../vitest.config.ts";

export default defineConfig({
  ...root,
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    ...root.test,
    globalSetup: [...[root.test?.globalSetup ?? []].flat(), "./playground/browser/one-for-all.ts"],
    include: ["playground/browser/**/*.spec.ts"],
    // One browser and one model at a time: a test waits for what it sees, and for at most so long.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
