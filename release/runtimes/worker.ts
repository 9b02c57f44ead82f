/** a program -> run in workerd, without Node's compatibility flag */
import type { App } from "../consumers/app.ts";
import { bundle } from "./bundle.ts";
import type { Tools } from "./tools.ts";

/** What is used of miniflare. */
interface MiniflareExports {
  Miniflare: new (
    options: object,
  ) => {
    dispatchFetch(url: string): Promise<{ status: number; text(): Promise<string> }>;
    dispose(): Promise<void>;
  };
}

export async function runInWorker(tools: Tools, app: App, program: string, baseURL: string): Promise<void> {
  const source = `
    import { check } from "./${program}.mjs";
    export default {
      async fetch(request) {
        try {
          await check(new URL(request.url).searchParams.get("baseURL"));
          return new Response("done");
        } catch (error) {
          return new Response(error.stack, { status: 500 });
        }
      },
    };`;
  const contents = await bundle(tools, app, source, "worker");
  const { Miniflare } = tools.load<MiniflareExports>("miniflare");
  const modules = [{ type: "ESModule", path: "worker.mjs", contents }];
  const worker = new Miniflare({ modules, compatibilityDate: "2026-04-01" });
  try {
    const answer = await worker.dispatchFetch(`http://worker/?baseURL=${encodeURIComponent(baseURL)}`);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(text);
  } finally {
    await worker.dispose();
  }
}
