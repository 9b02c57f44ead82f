/** The programs that are measured -> plain JavaScript in `dist/`, so that no loader runs in their processes. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const built = (program: "client" | "server") =>
  fileURLToPath(new URL(`dist/${program}.js`, import.meta.url));

export async function buildPrograms(): Promise<void> {
  await build({
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    entryPoints: { client: "client/main.ts", server: "server/main.ts" },
    bundle: true,
    splitting: true,
    // The clients themselves are loaded as they were published, ours from its `dist/` as well.
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    outdir: "dist",
    logLevel: "error",
  });
}
