/** What docs/production.md says of proxies: its program, and Node's own variable, reach a TLS server through a proxy. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { type AwkwardServer, startServer } from "@together-retrieval/test-server/server";
import { createProxy } from "proxy";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readBlocks, runCode } from "./run-code.ts";

const docs = new URL("../../docs/", import.meta.url);
const [nodeMajor = 0, nodeMinor = 0] = process.versions.node.split(".").map(Number);
/** Since Node 24.0 and 22.21. */
const readsProxyVariables = nodeMajor >= 24 || (nodeMajor === 22 && nodeMinor >= 21);

let server: AwkwardServer;
let folder: string;
let variables: Record<string, string>;
let needsUser = false;
/** The addresses that the proxy was asked to connect to. */
const connected: string[] = [];
const closing: (() => void)[] = [];

beforeAll(async () => {
  server = await startServer();
  const { key, cert } = await generateCertificate();
  folder = await mkdtemp(join(tmpdir(), "proxy-"));
  await writeFile(join(folder, "ca.pem"), cert);
  // TLS ends here; the server behind it speaks plain HTTP.
  const tls = createTlsServer({ key, cert }, (socket) => {
    const inner = connect(Number(new URL(server.baseURL).port), "127.0.0.1");
    socket.pipe(inner).pipe(socket);
    for (const end of [socket, inner]) end.on("error", () => end.destroy());
  });
  const proxy = createProxy(createServer());
  const user = `Basic ${btoa("user:password")}`;
  proxy.authenticate = ({ headers }) => !needsUser || headers["proxy-authorization"] === user;
  proxy.on("connect", ({ url }) => connected.push(url ?? ""));
  const ports = await Promise.all([tls, proxy].map(listen));
  closing.push(
    () => tls.close(),
    () => proxy.close(),
  );
  variables = {
    TOGETHER_API_KEY: "test-key",
    TOGETHER_BASE_URL: `https://localhost:${ports[0]}/v1`,
    NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
    HTTPS_PROXY: `http://127.0.0.1:${ports[1]}`,
  };
});

afterAll(async () => {
  for (const close of closing) close();
  await server.close();
  await rm(folder, { recursive: true });
});

async function listen(server: {
  listen: (port: number, host: string, done: () => void) => unknown;
  address: () => unknown;
}) {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return (server.address() as AddressInfo).port;
}

async function generateCertificate() {
  const names = [{ name: "commonName", value: "localhost" }];
  const extensions = [
    { name: "subjectAltName" as const, altNames: [{ type: 2 as const, value: "localhost" }] },
  ];
  const { private: key, cert } = await generate(names, { extensions });
  return { key, cert };
}

const plain = `
  import { TogetherClient } from "@together-retrieval/core";
  const vectors = await new TogetherClient({ maxRetries: 0 }).embed(["text"], { model: "test/model" });
  console.log(vectors.length);`;

describe("behind a proxy, with a certificate authority of its own", { timeout: 30_000 }, () => {
  test("the page's program reaches the server through the proxy", async () => {
    const blocks = await readBlocks(new URL("production.md", docs));
    const program = blocks.find(({ code }) => code.includes("EnvHttpProxyAgent"))?.code ?? "";
    connected.length = 0;
    expect(await runCode(program, docs, variables)).toBe("1\n");
    expect(connected).toEqual([new URL(variables.TOGETHER_BASE_URL ?? "").host]);
  });

  test("a proxy that asks for a user is told at once, and reached with one in its address", async () => {
    const blocks = await readBlocks(new URL("production.md", docs));
    const program = blocks.find(({ code }) => code.includes("EnvHttpProxyAgent"))?.code ?? "";
    const { HTTPS_PROXY = "", ...rest } = variables;
    needsUser = true;
    try {
      await expect(runCode(program, docs, variables)).rejects.toThrow(
        /407.*The proxy refused: its address may need a user/,
      );
      connected.length = 0;
      const withUser = HTTPS_PROXY.replace("http://", "http://user:password@");
      expect(await runCode(program, docs, { ...rest, HTTPS_PROXY: withUser })).toBe("1\n");
      expect(connected).toHaveLength(1);
    } finally {
      needsUser = false;
    }
  });

  test.runIf(readsProxyVariables)("so does a program of one's own with NODE_USE_ENV_PROXY", async () => {
    connected.length = 0;
    expect(await runCode(plain, docs, { ...variables, NODE_USE_ENV_PROXY: "1" })).toBe("1\n");
    expect(connected).toEqual([new URL(variables.TOGETHER_BASE_URL ?? "").host]);
  });

  test("without either, Node goes by the proxy's side, and NODE_EXTRA_CA_CERTS still counts", async () => {
    connected.length = 0;
    expect(await runCode(plain, docs, variables)).toBe("1\n");
    expect(connected).toEqual([]);
  });

  test("a certificate that nobody vouches for is told at once", async () => {
    const { NODE_EXTRA_CA_CERTS, ...rest } = variables;
    const patient = plain.replace("{ maxRetries: 0 }", '{ onRetry: () => console.error("again") }');
    await expect(runCode(patient, docs, rest)).rejects.toThrow(
      /^(?!.*\nagain\n).*self-signed certificate.*NODE_EXTRA_CA_CERTS/s,
    );
  });
});
