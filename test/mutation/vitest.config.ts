/**
 * For `npm run mutation`: the tests beside the source of core and adapters, the contract's, and the limiter's simulation.
 * Each change runs them until one fails, so the quick ones come first, and all share one copy of the modules.
 */
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { resolution } from "../../vitest.config.ts";

/** With `DOORS=core` no host is loaded, which takes longer than most tests. */
const isCoreAlone = process.env.DOORS === "core";
const files = (folder: string, names: string[]) => names.map((name) => `${folder}/**/${name}.test.ts`);

/** Those that start programs of their own, where no change is switched on. */
const programs = files("**", ["editor", "exit", "oldest-core", "versions", "stores"]);
const hosts = files("test/contract", ["extra-body", "host-prompts", "local-*", "reranker-profiles"]);
const order = [/packages\/core/, /packages/, /(waits|turns|deadline|item-limits)\.test/, /simulation/];
const ranks = [0, 1, 3, 4];

function rank({ moduleId }: TestSpecification): number {
  return ranks[order.findIndex((pattern) => pattern.test(moduleId))] ?? 2;
}

class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  ...resolution,
  test: {
    include: [
      `packages/${isCoreAlone ? "core" : "{core,langchain,llamaindex}"}/src/*.test.ts`,
      "test/contract/*.test.ts",
      "test/simulation/*.test.ts",
    ],
    exclude: [...configDefaults.exclude, "**/*.slow.test.ts", ...programs, ...(isCoreAlone ? hosts : [])],
    globalSetup: ["./packages/local/scripts/ensure-built.ts"],
    isolate: false,
    sequence: { sequencer: QuickestFirst },
    // A change that makes a test wait for ever is noticed when its time is over.
    testTimeout: 10_000,
    env: { MUTATION: "yes" },
  },
});
