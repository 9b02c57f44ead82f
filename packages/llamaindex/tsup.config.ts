import { defineConfig } from "tsup";
import { base } from "../../tsup.config.ts";

// `splitting`, for CommonJS too: the root and the subpath must give the same class.
export default defineConfig({ ...base, entry: ["src/index.ts", "src/reranker.ts"], splitting: true });
