import { defineConfig } from "vitest/config";

const source = ["@together-retrieval/source", "module", "node", "development|production"];

export default defineConfig({
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts", "examples/**/*.test.ts"],
    // The local server's weights are built once; every test that starts the server needs them.
    globalSetup: ["./packages/local/scripts/ensure-built.ts"],
    reporters: ["default", "./test/closing-line.ts"],
    testTimeout: 20_000,
  },
});
