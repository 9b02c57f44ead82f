/** One client for all incoming requests of a Worker, in workerd: what one request made, another must not wait for. */
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { honest, refuse, silence } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { expect, onTestFinished } from "vitest";

const core = fileURLToPath(new URL("../../packages/core/src/index.ts", import.meta.url));

interface WorkerSettings {
  date?: string;
  flags?: string[];
  /** What the Worker does with its texts. */
  work?: string;
  /** Runs before the package is loaded. */
  before?: string;
}

const embed = 'client.embed(texts, { model: "m", batchSize: 1 })';
const works = {
  embed,
  rerank: 'client.rerank("query", texts, { model: "m", batchSize: 1 })',
  stream: 'Array.fromAsync(client.embedStream(texts, { model: "m", batchSize: 1 }))',
};

async function startWorker(
  baseURL: string,
  { date = "2026-04-01", flags = [], work = embed, before = "" }: WorkerSettings = {},
) {
  const program = `
    import "data:text/javascript,${encodeURIComponent(before)}";
    import { TogetherClient } from ${JSON.stringify(core)};
    const client = new TogetherClient({ apiKey: "key", baseURL: ${JSON.stringify(baseURL)}, maxConcurrency: 8, timeoutMs: 3_000 });
    export default {
      async fetch(request, env, context) {
        const texts = new URL(request.url).searchParams.getAll("text");
        try {
          const results = await ${work};
          return new Response(String(results.length));
        } catch (error) {
          return new Response(String(error), { status: 500 });
        }
      },
    };`;
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    ...{ bundle: true, write: false, format: "esm", target: "es2022", logLevel: "silent" },
    conditions: ["@together-retrieval/source", "workerd", "worker", "browser"],
  });
  const modules = [{ type: "ESModule" as const, path: "worker.mjs", contents: outputFiles[0]?.text ?? "" }];
  const worker = new Miniflare({ modules, compatibilityDate: date, compatibilityFlags: flags });
  onTestFinished(() => worker.dispose());
  return async (name: string, texts = 1, signal?: AbortSignal) => {
    const query = Array.from({ length: texts }, (_, at) => `text=${name}-${at}`).join("&");
    const answer = await worker.dispatchFetch(`http://worker/?${query}`, signal && { signal });
    return answer.text();
  };
}

it.for<[string, WorkerSettings]>([
  ["on 2025-06-01", { date: "2025-06-01" }],
  ["on 2026-04-01", {}],
  ["on 2023-05-01", { date: "2023-05-01" }],
  ["that rank", { work: works.rerank }],
  ["that stream", { work: works.stream }],
  ["with Node's modules", { flags: ["nodejs_compat"] }],
  ["that stream, with Node's modules", { flags: ["nodejs_compat"], work: works.stream }],
  ["without the platform's name", { flags: ["no_global_navigator"] }],
])(
  "24 requests at once, then one alone, then 24 again, %s",
  { timeout: 60_000 },
  async ([, settings], { server }) => {
    server.always(async (request, reply) => {
      await delay(20);
      return honest()(request, reply);
    });
    const ask = await startWorker(server.baseURL, settings);
    const many = () => Promise.all(Array.from({ length: 24 }, (_, at) => ask(`many${at}`)));
    expect(await many()).toEqual(Array(24).fill("1"));
    expect(await ask("alone", 20)).toBe("20");
    expect(await many()).toEqual(Array(24).fill("1"));
    expect(server.mostInFlight).toBeLessThanOrEqual(8);
  },
);

it("a 429 that one request gets is waited for by all, each on its own", { timeout: 60_000 }, async ({
  server,
}) => {
  const ask = await startWorker(server.baseURL);
  server.script(refuse(429, {}, { "retry-after-ms": "300" }));
  const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => ask(`limited${at}`)));
  expect(answers).toEqual(Array(12).fill("1"));
  expect(await ask("after it")).toBe("1");
});

it("a permit whose request was dropped comes back after `timeoutMs`", { timeout: 60_000 }, async ({
  server,
}) => {
  // The code of a request that is gone never goes on, and neither do its two timers: nothing gives its permit back.
  const before = `
    const { setTimeout } = globalThis;
    let owed = 16;
    globalThis.setTimeout = (callback, ms) => (ms >= 3_000 && owed-- > 0 ? 0 : setTimeout(callback, ms));`;
  const ask = await startWorker(server.baseURL, { before });
  server.always(silence);
  const leaving = new AbortController();
  const dropped = Array.from({ length: 8 }, (_, at) =>
    ask(`dropped${at}`, 1, leaving.signal).catch(() => {}),
  );
  for (let at = 0; at < 8; at++) await server.nextRequest();
  leaving.abort();
  await Promise.all(dropped);
  server.always(honest());
  expect(await ask("next")).toBe("1");
});

it("a request that is frozen before it reads its answer holds up no other", { timeout: 60_000 }, async ({
  server,
}) => {
  // The first callback that the platform owes never comes, as in a request that is gone.
  const before = `
    const { setImmediate } = globalThis;
    let owed = 1;
    globalThis.setImmediate = (callback) => owed-- > 0 || setImmediate(callback);`;
  const ask = await startWorker(server.baseURL, { flags: ["nodejs_compat"], before });
  expect(await Promise.all(Array.from({ length: 4 }, (_, at) => ask(`frozen${at}`)))).toEqual(
    Array(4).fill("1"),
  );
});
