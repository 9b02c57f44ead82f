/** One local server for all test files of the run. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { globalSetup: "./local-server.ts", include: ["*.spec.ts"] },
});
