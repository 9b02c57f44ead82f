/** our tarballs in an application -> built and started by Next.js with each of its bundlers, and tested by jest in both formats */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type App, type Format, install } from "../consumers/app.ts";
import { execute, plainEnvironment } from "../consumers/execute.ts";
import type { Tarballs } from "../consumers/pack.ts";

/** Exact versions, as the application lists them. Next.js builds without TypeScript here: types are the consumers' table. */
const versions = {
  "@langchain/core": "1.4.0",
  jest: "30.5.2",
  next: "16.4.6",
  react: "19.2.0",
  "react-dom": "19.2.0",
};

/** As docs/production.md shows: the client stands at the top of the module, and its key comes when a request goes out. */
const route = `
import { TogetherClient } from "@together-retrieval/langchain";
import { check } from "../../langchain.mjs";
const client = new TogetherClient({ apiKey: () => process.env.TOGETHER_API_KEY });
export async function GET(request) {
  const baseURL = new URL(request.url).searchParams.get("baseURL");
  const [vector] = await client.embed(["one text"], { model: "any" });
  await check(baseURL);
  return new Response(String(vector.length));
}
`;
const layout = "export default ({ children }) => <html><body>{children}</body></html>;";

export function installApplication(tarballs: Tarballs): Promise<App> {
  return install("npm", tarballs, ["@together-retrieval/core", "@together-retrieval/langchain"], versions);
}

export interface Framework {
  name: string;
  run(app: App, baseURL: string): Promise<unknown>;
}

export const frameworks: Framework[] = [
  { name: `jest ${versions.jest} ESM`, run: (app, baseURL) => testWithJest(app, baseURL, "ESM") },
  { name: `jest ${versions.jest} CJS`, run: (app, baseURL) => testWithJest(app, baseURL, "CJS") },
  {
    name: `Next.js ${versions.next} turbopack`,
    run: (app, baseURL) => runInNext(app, baseURL, "--turbopack"),
  },
  { name: `Next.js ${versions.next} webpack`, run: (app, baseURL) => runInNext(app, baseURL, "--webpack") },
];

async function testWithJest({ folder }: App, baseURL: string, format: Format): Promise<void> {
  const load = {
    ESM: 'import { check } from "./langchain.mjs";',
    CJS: 'const { check } = require("./langchain.cjs");',
  };
  const file = format === "ESM" ? "check.test.mjs" : "check.test.cjs";
  const test = `test("runs", () => check(${JSON.stringify(baseURL)}), 60_000);`;
  await writeFile(join(folder, file), `${load[format]}\n${test}`);
  const args = ["--experimental-vm-modules", "node_modules/jest/bin/jest.js", "--testMatch", `**/${file}`];
  await execute(process.execPath, args, { cwd: folder });
}

/** Builds without a key, then asks the route of the started server. */
async function runInNext({ folder }: App, baseURL: string, bundler: string): Promise<void> {
  await rm(join(folder, ".next"), { recursive: true, force: true });
  await mkdir(join(folder, "app/check"), { recursive: true });
  await writeFile(join(folder, "app/layout.jsx"), layout);
  await writeFile(join(folder, "app/check/route.js"), route);
  const next = "node_modules/next/dist/bin/next";
  const env = { NEXT_TELEMETRY_DISABLED: "1", CI: "1" };
  await execute(process.execPath, [next, "build", bundler], { cwd: folder, env });

  const keyed = { ...plainEnvironment(), ...env, TOGETHER_BASE_URL: baseURL, TOGETHER_API_KEY: "local" };
  const server = spawn(process.execPath, [next, "start", "-p", "0", "-H", "127.0.0.1"], {
    cwd: folder,
    env: keyed,
  });
  const ended = once(server, "close");
  let said = "";
  const address = new Promise<string>((resolve, reject) => {
    const hear = (words: Buffer) => {
      said += words;
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (url && said.includes("Ready")) resolve(url);
    };
    for (const stream of [server.stdout, server.stderr]) stream.on("data", hear);
    ended.then(() => reject(new Error(`next start ended: ${said}`)));
  });
  try {
    const answer = await fetch(`${await address}/check?baseURL=${encodeURIComponent(baseURL)}`);
    if ((await answer.text()) !== "384") throw new Error(`Next.js answered ${answer.status}: ${said}`);
  } finally {
    server.kill();
    await ended;
  }
}
