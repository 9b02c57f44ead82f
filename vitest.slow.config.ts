import { configDefaults, defineConfig } from "vitest/config";
import config, { slow } from "./vitest.config.ts";

export default defineConfig({
  ...config,
  test: { ...config.test, include: slow, exclude: configDefaults.exclude },
});
