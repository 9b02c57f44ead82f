/** an app and a program -> one file of JavaScript that a Worker or a page loads */
import type { App } from "../consumers/app.ts";
import type { Tools } from "./tools.ts";

/** What is used of esbuild. */
interface Esbuild {
  build(options: object): Promise<{
    outputFiles: { text: string }[];
    metafile: { inputs: Record<string, unknown> };
  }>;
}

const targets = {
  worker: { format: "esm", conditions: ["workerd", "worker", "browser"] },
  page: { format: "iife", conditions: ["browser"] },
};

/** A `node:` import of ours, or of a host, would fail here: nothing is left to be resolved at run time. */
export async function bundle(
  tools: Tools,
  app: App,
  contents: string,
  target: keyof typeof targets,
): Promise<string> {
  const { outputFiles, metafile } = await tools.load<Esbuild>("esbuild").build({
    stdin: { contents, resolveDir: app.folder },
    ...{ bundle: true, write: false, metafile: true, logLevel: "silent" },
    ...{ platform: "browser", target: "es2022", ...targets[target] },
  });
  const llamaindex = Object.keys(metafile.inputs).find((path) => path.includes("node_modules/@llamaindex/"));
  if (llamaindex) throw new Error(`Expected nothing of llamaindex in the bundle, found ${llamaindex}`);
  return outputFiles[0]?.text ?? "";
}

/** A page's script, which makes `check` known to the page. */
export function bundlePage(tools: Tools, app: App, program: string): Promise<string> {
  const source = `import { check } from "./${program}.mjs"; globalThis.check = check;`;
  return bundle(tools, app, source, "page");
}
