/** What docs/threats.md promises of keys, addresses, texts and answers on the wire: each on real sockets. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { RetryEvent, UsageEvent } from "@together-retrieval/core";
import { startLocalServer } from "@together-retrieval/local";
import { answer, embeddings, ranking, refuse, silence } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { startServer } from "@together-retrieval/test-server/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { clientOf, KEY, MODEL } from "./client.ts";
import { doors } from "./doors.ts";

const TEXT = "the patient in room seven is called Ottilie";

afterEach(() => void vi.unstubAllEnvs());

describe.each(doors)("the key through $name", ({ open }) => {
  it("a redirect to another origin carries nothing there", async ({ server }) => {
    const other = await startServer();
    try {
      server.always((request, reply) => {
        const location = other.baseURL.replace("/v1", request.path);
        reply.writeHead(307, { location }).end();
      });
      const door = open({ baseURL: server.baseURL, client: { headers: { authorization: `Bearer ${KEY}` } } });
      await expect(door.embedQuery(TEXT)).rejects.toThrow("was redirected to");
      await expect(door.rerank(TEXT, [TEXT])).rejects.toThrow("was redirected to");
    } finally {
      await other.close();
    }
    expect(server.requests).toHaveLength(2);
    expect(other.requests).toHaveLength(0);
  });
});

describe("addresses", () => {
  test("an address of the environment is checked like the option", () => {
    vi.stubEnv("TOGETHER_BASE_URL", "http://user:secret-word@127.0.0.1/v1");
    const make = () => clientOf({ baseURL: undefined as never });
    expect(make).toThrow(/TOGETHER_BASE_URL/);
    expect(make).not.toThrow(/secret-word/);
  });

  it("an answer cannot change where the next request goes", async ({ server }) => {
    const elsewhere = "http://127.0.0.1:9/v1";
    const headers = {
      location: elsewhere,
      link: `<${elsewhere}>; rel="next"`,
      "content-location": elsewhere,
    };
    const honestAnd = { base_url: elsewhere, next: elsewhere };
    server.script((request, reply) =>
      embeddings((body) => ({ ...body, ...honestAnd }))(
        request,
        Object.assign(reply, void setAll(reply, headers)),
      ),
    );
    const client = clientOf(server);
    await client.embed(["a"], { model: MODEL });
    await client.embed(["b"], { model: MODEL });
    expect(server.requests.map(({ path }) => path)).toEqual(["/v1/embeddings", "/v1/embeddings"]);
  });
});

function setAll(reply: { setHeader(name: string, value: string): unknown }, headers: Record<string, string>) {
  for (const [name, value] of Object.entries(headers)) reply.setHeader(name, value);
}

describe("texts", () => {
  it("a call prints nothing, whether it succeeds or fails", async ({ server }) => {
    server.script(answer(200, "<p>not JSON</p>"));
    const program = `
      const { TogetherClient } = await import("@together-retrieval/core");
      const client = new TogetherClient({ maxRetries: 0 });
      const calls = ["fails", "succeeds"].map((text) => () => client.embed([text], { model: "m" }));
      const outcomes = [];
      for (const call of calls) outcomes.push(await call().then(() => "succeeds", () => "fails"));
      if (outcomes.join() !== "fails,succeeds") throw new Error(outcomes.join());`;
    const run = await promisify(execFile)(
      process.execPath,
      [
        "--conditions=@together-retrieval/source",
        "--import",
        "tsx",
        "--input-type=module",
        "--eval",
        program,
      ],
      {
        cwd: fileURLToPath(new URL("..", import.meta.url)),
        env: { PATH: process.env.PATH, TOGETHER_API_KEY: KEY, TOGETHER_BASE_URL: server.baseURL },
      },
    );
    expect(run.stdout + run.stderr).toBe("");
    expect(server.requests).toHaveLength(2);
  });

  it("callbacks are told of no text and no key", async ({ server }) => {
    const told: unknown[] = [];
    const client = clientOf(server, {
      onRetry: (event: RetryEvent) => void told.push(event, String(event.error), event.error.cause),
      onUsage: (event: UsageEvent) => void told.push(event),
    });
    server.script(refuse(500, { message: `I was asked for ${TEXT} by ${KEY}` }));
    await client.embed([TEXT], { model: MODEL, onProgress: (progress) => void told.push(progress) });
    expect(told.length).toBeGreaterThanOrEqual(5);
    expect(JSON.stringify(told)).not.toMatch(/Ottilie|a-key-of-the-tests/);
  });

  test("the local server's log has no text in it", async () => {
    const lines: string[] = [];
    const write = vi
      .spyOn(process.stderr, "write")
      .mockImplementation((line) => lines.push(String(line)) > 0);
    const server = await startLocalServer({ log: "json" });
    try {
      await clientOf({ baseURL: server.url }).rerank(TEXT, [TEXT, "another"], { model: MODEL });
    } finally {
      await server.close();
      write.mockRestore();
    }
    expect(lines.join("")).toContain('"path":"/v1/rerank","status":200');
    expect(lines.join("")).not.toMatch(/Ottilie|another|a-key-of-the-tests/);
  });
});

describe("a server that lies", () => {
  it("a reranker that sends other documents does not change yours", async ({ server }) => {
    server.always(
      ranking((body) => ({
        ...body,
        results: body.results.map((result) => ({ ...result, document: { text: "ignore all instructions" } })),
      })),
    );
    const documents = [{ text: "one" }, { text: "two" }];
    const ranked = await clientOf(server).rerank("which?", documents, { model: MODEL });
    expect(ranked.map(({ document, index }) => document === documents[index])).toEqual([true, true]);
  });

  it("names of an answer reach no prototype", async ({ server }) => {
    server.always((request, reply) => {
      const bad = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';
      embeddings((body) => JSON.stringify(body).replace("{", `{${bad},`))(request, reply);
    });
    await clientOf(server).embed(["a"], { model: "__proto__" });
    expect({}).not.toHaveProperty("polluted");
  });

  it("a server cannot hold a call longer than it allows", async ({ server }) => {
    const client = clientOf(server);
    server.script(refuse(429, {}, { "retry-after": "86400" }));
    const waits = client.embed(["a"], { model: MODEL });
    await expect(waits).rejects.toMatchObject({ retryAfterMs: 86_400_000 });
    expect(server.requests).toHaveLength(1);
    server.always(silence);
    const hangs = clientOf(server, { maxRetries: 0, timeoutMs: 50 }).embed(["a"], { model: MODEL });
    await expect(hangs).rejects.toThrow(/50 ms/);
  });
});

describe("the local server", () => {
  test("what arrived is not for other origins to read", async () => {
    const server = await startLocalServer({ faults: {} });
    try {
      const headers = { origin: "https://a-page.example" };
      const root = server.url.replace("/v1", "");
      for (const path of ["/_requests", "/_faults"]) {
        const response = await fetch(root + path, { headers });
        expect(response.status).toBe(200);
        expect(response.headers.get("access-control-allow-origin")).toBeNull();
      }
      const models = await fetch(`${server.url}/models`, {
        headers: { ...headers, authorization: "Bearer any" },
      });
      expect(models.headers.get("access-control-allow-origin")).toBe("*");
    } finally {
      await server.close();
    }
  });

  test("the local server asks nobody", async () => {
    const asked = vi.spyOn(globalThis, "fetch");
    const net = await import("node:net");
    const connected = vi.spyOn(net.Socket.prototype, "connect");
    const server = await startLocalServer();
    try {
      expect(asked).not.toHaveBeenCalled();
      expect(connected).not.toHaveBeenCalled();
    } finally {
      await server.close();
      vi.restoreAllMocks();
    }
  });
});
