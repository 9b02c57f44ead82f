import { configDefaults, defineConfig } from "vitest/config";

const source = ["@together-retrieval/source", "module", "node", "development|production"];

/** Whole programs at work, for half a minute each: `npm run test:slow` runs them. */
export const slow = [
  "examples/demo/demo.test.ts",
  "examples/hono-worker.test.ts",
  "examples/langgraph-agent.test.ts",
  "examples/streaming-answer.test.ts",
  "packages/ingest/src/index/add.test.ts",
  "playground/server/playground.test.ts",
  "playground/server/written-index.test.ts",
  "test/pages/docs.test.ts",
];

export default defineConfig({
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "test/**/*.test.ts",
      "bench/**/*.test.ts",
      "release/**/*.test.ts",
      "examples/**/*.test.ts",
      "playground/**/*.test.ts",
    ],
    exclude: [...configDefaults.exclude, ...slow],
    // The local server's weights are built once; every test that starts the server needs them.
    globalSetup: ["./packages/local/scripts/ensure-built.ts"],
    reporters: ["default", "./test/closing-line.ts"],
    // Many tests wait for programs of their own: by default one processor would stand idle.
    maxWorkers: "100%",
    testTimeout: 20_000,
    // `npm run coverage`: what users run of the core and the adapters, by their own tests and the contract's.
    coverage: {
      include: ["packages/{core,langchain,llamaindex}/src/*.ts"],
      exclude: ["**/*.{test,test-d,sim}.ts"],
      reporter: ["text", "json"],
      reportOnFailure: true,
      thresholds: { lines: 98, branches: 98 },
    },
  },
});
