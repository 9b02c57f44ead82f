import { defineConfig } from "tsup";
import { base } from "../../tsup.config.ts";

// Both doors share one copy of the classes, in CommonJS too.
export default defineConfig({ ...base, entry: ["src/index.ts", "src/adapter.ts"], splitting: true });
