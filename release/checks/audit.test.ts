import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audit } from "./audit.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "together-retrieval-audit-"));
  const app = { name: "app", version: "1.0.0", dependencies: { leaky: "1.0.0" } };
  const leaky = { version: "1.0.0", resolved: "https://registry.example/leaky/-/leaky-1.0.0.tgz" };
  const lock = { ...app, lockfileVersion: 3, packages: { "": app, "node_modules/leaky": leaky } };
  await writeFile(join(folder, "package.json"), JSON.stringify(app));
  await writeFile(join(folder, "package-lock.json"), JSON.stringify(lock));
});
afterAll(() => rm(folder, { recursive: true }));

/** npm keeps what it once worked out about an advisory: each audit starts from nothing. */
async function auditAt(url: string): Promise<string> {
  const cache = await mkdtemp(join(folder, "cache-"));
  return audit(folder, [`--registry=${url}`, `--cache=${cache}`]);
}

/** A registry that knows one vulnerability, or refuses to be asked. */
async function withRegistry(
  severity: string | undefined,
  run: (url: string) => Promise<void>,
): Promise<void> {
  const server: Server = createServer((request, response) => {
    request.resume().on("end", () => {
      const asked = request.method === "POST" && request.url?.endsWith("/advisories/bulk");
      const advisory = { id: 1, url: "https://example.com/1", title: "It leaks", vulnerable_versions: "*" };
      if (asked && severity) response.end(JSON.stringify({ leaky: [{ ...advisory, severity }] }));
      else if (asked) response.writeHead(405).end();
      else response.writeHead(404).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe("the audit", () => {
  test("fails on a vulnerability that is high, and names the package", async () => {
    await withRegistry("high", async (url) => {
      await expect(auditAt(url)).rejects.toThrow("leaky (high)");
    });
  });

  test("counts one that is low", async () => {
    await withRegistry("low", async (url) => expect(await auditAt(url)).toBe("1 known"));
  });

  test("says that it was skipped when the registry does not answer the question", async () => {
    await withRegistry(undefined, async (url) => expect(await auditAt(url)).toMatch(/^skipped: .*405/));
  });

  test("says that it was skipped when there is no registry", async () => {
    expect(await auditAt("http://127.0.0.1:9/")).toMatch(/^skipped: /);
  });
});
