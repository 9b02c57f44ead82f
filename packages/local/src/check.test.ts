/** `check` against every wire of the local server, and against what is no such server. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { check, shown } from "./check.ts";
import { startLocalServer, type WireName } from "./index.ts";

const asked = { model: "m", rerankModel: "r" };

test.each<[WireName, object]>([
  ["together", {}],
  ["tei", { apiKey: false, wire: "tei", batchSize: 32 }],
  ["vllm", { apiKey: false }],
  ["infinity", { apiKey: false }],
  ["llama.cpp", { apiKey: false }],
  ["litellm", { apiKey: false, encodingFormat: "float" }],
  ["sglang", { apiKey: false, encodingFormat: "float" }],
  ["voyage", { wire: "voyage" }],
])(
  "%s needs these options",
  async (wire, options) => {
    const server = await startLocalServer({ wire });
    const key = wire === "together" || wire === "voyage" ? "a-secret-key" : undefined;
    const report = await check(server.url, { ...asked, key });
    await server.close();
    expect(report.options).toEqual(options);
    expect(report.broken).toEqual([]);
    expect(shown(report)).not.toContain("a-secret-key");
    // Words, not the JSON that they stand in.
    expect(Object.fromEntries(report.rows).Errors).toMatch(/^4\d\d: [A-Z].*expected one of/);
  },
  60_000,
);

test("answers that belong to other texts, or are missing, are promises that cannot be kept", async () => {
  const faults = { rules: [{ fault: "short" as const, route: "rerank" as const }] };
  const server = await startLocalServer({ wire: "vllm", faults });
  const report = await check(server.url, asked);
  await server.close();
  expect(report.broken).toEqual(["a ranking has a score for every document"]);
}, 60_000);

test("the key is shown nowhere, even if the server repeats it", async () => {
  const server = createServer((request, reply) => {
    reply.statusCode = 400;
    reply.end(JSON.stringify({ error: { message: `wrong key: ${request.headers.authorization}` } }));
  });
  const asking = check(await listening(server), { ...asked, key: "a-secret-key" });
  await expect(asking).rejects.toThrow("answers 400: wrong key: Bearer [key]");
  server.closeAllConnections();
  server.close();
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a server that is not there, answers with a page, or is silent is told in a sentence", async () => {
  const page = createServer((_, reply) => void reply.end("<html></html>"));
  await expect(check(await listening(page), asked)).rejects.toThrow(/answers with a web page/);
  const silent = createServer(() => {});
  const slow = check(await listening(silent), { ...asked, timeoutMs: 50 });
  await expect(slow).rejects.toThrow(/did not answer within 50 ms/);
  const closed = createServer();
  const gone = await listening(closed);
  await new Promise((done) => closed.close(done));
  await expect(check(gone, asked)).rejects.toThrow(/cannot be reached .*is the server running/);
  for (const server of [page, silent]) {
    server.closeAllConnections();
    server.close();
  }
});
