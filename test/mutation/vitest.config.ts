/** For `npm run mutation`: the unit tests beside the source of core and adapters, and the contract's */
import { configDefaults, defineConfig } from "vitest/config";
import { resolution } from "../../vitest.config.ts";

export default defineConfig({
  ...resolution,
  test: {
    include: ["packages/{core,langchain,llamaindex}/src/*.test.ts", "test/contract/*.test.ts"],
    exclude: [...configDefaults.exclude, "**/*.slow.test.ts"],
    globalSetup: ["./packages/local/scripts/ensure-built.ts"],
    testTimeout: 20_000,
  },
});
