import { configDefaults, defineConfig } from "vitest/config";

const source = ["@together-retrieval/source", "module", "node", "development|production"];
const folders = "{packages/*/src,test,bench,release,examples,playground}";
/** The local server's weights are built once; every test that starts the server needs them. */
const localModel = "./packages/local/scripts/ensure-built.ts";

/** A project has the files of its suffix: `x.slow.test.ts` belongs to `slow`, `x.test.ts` to `unit` or `contract`. */
const suffixes = ["slow", "ingest", "browser"] as const;
const contract = "test/contract/*.test.ts";
const filesOf = (suffix: (typeof suffixes)[number]) => `${folders}/**/*.${suffix}.test.ts`;

/** Our packages are loaded from their source. */
export const resolution = {
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source } },
};

export default defineConfig({
  ...resolution,
  test: {
    reporters: ["default", "./test/closing-line.ts"],
    // Many tests wait for programs of their own: by default one processor would stand idle.
    maxWorkers: "100%",
    // `npm test -- coverage`: what users run of the core and the adapters, by their own tests and the contract's.
    coverage: {
      include: ["packages/{core,langchain,llamaindex}/src/*.ts"],
      exclude: ["**/*.{test,test-d}.ts", "**/*-program.ts"],
      reporter: ["text", "json"],
      reportOnFailure: true,
      // The part of the limiter that is for Workers runs in workerd alone, where nothing is counted.
      thresholds: { lines: 98, branches: 96 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [`${folders}/**/*.test.ts`],
          exclude: [...configDefaults.exclude, ...suffixes.map(filesOf), contract],
          globalSetup: [localModel],
          testTimeout: 20_000,
        },
      },
      {
        // All files of a worker share their modules: to load both hosts again for each takes longer than the tests.
        extends: true,
        test: {
          name: "contract",
          include: [contract],
          exclude: [...configDefaults.exclude, ...suffixes.map(filesOf)],
          globalSetup: [localModel],
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        // Whole programs at work, for half a minute each.
        extends: true,
        test: {
          name: "slow",
          include: [filesOf("slow")],
          globalSetup: [localModel],
          testTimeout: 20_000,
        },
      },
      {
        // Ingest among real processes that are killed.
        extends: true,
        test: {
          name: "ingest",
          include: [filesOf("ingest")],
          globalSetup: ["./test/ingest/build.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
        },
      },
      {
        // The playground as a process, in a real Chromium: a test waits for what it sees, and for at most so long.
        extends: true,
        test: {
          name: "browser",
          include: [filesOf("browser")],
          globalSetup: [localModel, "./playground/browser/one-for-all.ts"],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
