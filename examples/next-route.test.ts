/** The route handler behind a real HTTP server, as Next.js calls it, against the local server. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type Faults, type LocalServer, startLocalServer } from "@together-retrieval/local";
import { afterEach, describe, expect, it, vi } from "vitest";
import { patience, requestsOf } from "./run-example.ts";

const rightKey = "the-right-key";
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

interface Site {
  upstream: LocalServer;
  /** The handler's response to the latest request. */
  outcome(): Promise<Response> | undefined;
  post(body: string, signal?: AbortSignal): Promise<Response>;
}

async function startSite(faults: Faults, key = rightKey): Promise<Site> {
  const upstream = await startLocalServer({ port: 0, faults, apiKey: rightKey });
  cleanUps.push(() => upstream.close());
  vi.stubEnv("TOGETHER_BASE_URL", upstream.url);
  vi.stubEnv("TOGETHER_API_KEY", key);
  vi.stubEnv("EMBEDDING_MODEL", "embedder");
  vi.stubEnv("RERANK_MODEL", "reranker");
  vi.resetModules(); // the handler keeps its client
  const { POST } = await import("./next-route.ts");
  let latest: Promise<Response> | undefined;
  const fetchOf = (request: Request) => {
    latest = POST(request);
    return latest;
  };
  const server = serve({ fetch: fetchOf, port: 0, hostname: "127.0.0.1" });
  if (!server.listening) await once(server, "listening");
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/search`;
  return {
    upstream,
    outcome: () => latest,
    post: (body, signal) => fetch(url, { method: "POST", body, signal: signal ?? null }),
  };
}

const question = JSON.stringify({ question: "When do I have to pay?" });

describe("the route handler", { timeout: patience }, () => {
  it("answers with the best passages, and embeds its own only once", async () => {
    const site = await startSite({});
    for (let time = 1; time <= 2; time++) {
      const answer = await site.post(question);
      expect(answer.status).toBe(200);
      const [best, ...rest] = (await answer.json()) as { document: string }[];
      expect(best?.document).toBe("Invoices are due within thirty days.");
      expect(rest).toHaveLength(2);
    }
    const texts = (await requestsOf(site.upstream, rightKey)).map(
      ({ path, texts: count }) => `${path} ${count}`,
    );
    const search = ["/v1/embeddings 1", expect.stringMatching(/^\/v1\/rerank /)];
    expect(texts).toEqual(["/v1/embeddings 4", ...search, ...search]);
  });

  it.each(["not JSON", "null", "{}", '{"question":7}'])("refuses %s, and asks nobody", async (body) => {
    const site = await startSite({});
    const answer = await site.post(body);
    expect([answer.status, await answer.json()]).toEqual([400, { error: "Expected { question: string }" }]);
    expect(await requestsOf(site.upstream, rightKey)).toEqual([]);
  });

  it("ends its request when the client goes away", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {}); // the server cannot answer who is gone, and says so
    const site = await startSite({ rules: [{ fault: "stall", route: "rerank" }] });
    const visit = new AbortController();
    const visited = site.post(question, visit.signal).catch((error: Error) => error.name);
    const paths = async () => (await requestsOf(site.upstream, rightKey)).map(({ path }) => path);
    await expect.poll(paths, { timeout: patience - 10_000 }).toContain("/v1/rerank");
    visit.abort();
    expect(await visited).toBe("AbortError");
    expect((await site.outcome())?.status).toBe(499);
    // If it had gone on, it would have been sent again.
    expect((await paths()).filter((path) => path === "/v1/rerank")).toHaveLength(1);
  });

  it("says nothing of a refused key to the client, and not the key to the log", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const site = await startSite({}, "the-wrong-key");
    const answer = await site.post(question);
    expect([answer.status, await answer.json()]).toEqual([502, { error: "Search is not available" }]);
    expect(log).toHaveBeenCalledOnce();
    const { inspect } = await import("node:util");
    expect(inspect(log.mock.calls, { depth: 9, showHidden: true })).not.toMatch(/the-wrong-key|have to pay/);
  });

  it("passes a long wait on to the client instead of waiting", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const headers = { "retry-after": "30" };
    const site = await startSite({ rules: [{ fault: "status", status: 429, headers }] });
    const answer = await site.post(question);
    expect(answer.headers.get("retry-after")).toBe("30");
    expect([answer.status, await answer.json()]).toEqual([503, { error: "Too many searches" }]);
    expect(await requestsOf(site.upstream, rightKey)).toHaveLength(1);
  });
});
