import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Arrival, type Faults, type LocalServer, startLocalServer } from "./index.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ faults: {} });
  return () => server.close();
});
afterEach(() => misbehave({}));

const headers = { authorization: "Bearer any" };
const root = () => server.url.replace("/v1", "");

async function misbehave(faults: Faults): Promise<void> {
  const response = await fetch(`${root()}/_faults`, { method: "POST", body: JSON.stringify(faults) });
  if (!response.ok) throw new Error(await response.text());
  await fetch(`${root()}/_requests`, { method: "DELETE" });
}

function embed(...input: string[]): Promise<Response> {
  return fetch(`${server.url}/embeddings`, {
    method: "POST",
    headers,
    body: JSON.stringify({ model: "m", input }),
  });
}

function rerank(...documents: string[]): Promise<Response> {
  return fetch(`${server.url}/rerank`, {
    method: "POST",
    headers,
    body: JSON.stringify({ model: "m", query: "q", documents }),
  });
}

type Row = { index: number; embedding: number[] | null };
const rows = async (response: Promise<Response>): Promise<Row[]> => (await (await response).json()).data;
const statuses = async (count: number) => {
  const found: number[] = [];
  for (let i = 0; i < count; i++) found.push((await embed("a")).status);
  return found;
};
const arrivals = async (): Promise<Arrival[]> => (await fetch(`${root()}/_requests`)).json();

describe("an error that was asked for", () => {
  test("comes on the nth request, in Together's words", async () => {
    await misbehave({ rules: [{ fault: "status", status: 503, nth: [1, 3], code: "routing_error" }] });
    const first = await embed("a");
    expect(first.status).toBe(503);
    expect(await first.json()).toMatchObject({
      error: { type: "server_error", code: "routing_error", param: null },
    });
    expect(await statuses(3)).toEqual([200, 503, 200]);
  });

  test("comes by chance, and the same again with the same seed", async () => {
    const faults: Faults = { seed: 7, rules: [{ fault: "status", status: 500, probability: 0.5 }] };
    await misbehave(faults);
    const first = await statuses(12);
    await misbehave(faults);
    expect(await statuses(12)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 500]));
    await misbehave({ ...faults, seed: 8 });
    expect(await statuses(12)).not.toEqual(first);
  });

  test("is an HTML page when a proxy's is wanted, with the headers that were given", async () => {
    await misbehave({ rules: [{ fault: "html", status: 502, headers: { "retry-after": "3" } }] });
    const response = await embed("a");
    expect(response.status).toBe(502);
    expect(response.headers.get("content-type")).toBe("text/html");
    expect(response.headers.get("retry-after")).toBe("3");
    expect(await response.text()).toContain("<h1>502 Bad gateway</h1>");
  });

  test("stays on its route", async () => {
    await misbehave({ rules: [{ fault: "status", status: 500, route: "rerank" }] });
    expect((await embed("a")).status).toBe(200);
    expect((await rerank("a")).status).toBe(500);
  });
});

describe("an answer that was asked to be wrong", () => {
  const spoiled = (fault: "shuffled" | "short" | "duplicate" | "null" | "wrong-dimension") =>
    misbehave({ rules: [{ fault }] });

  test("comes in another order, each vector with its own index", async () => {
    const straight = await rows(embed("a", "b", "c", "d"));
    await spoiled("shuffled");
    const mixed = await rows(embed("a", "b", "c", "d"));
    expect(mixed.map(({ index }) => index)).not.toEqual([0, 1, 2, 3]);
    expect(mixed.toSorted((a, b) => a.index - b.index)).toEqual(straight);
  });

  test("lacks its last vector", async () => {
    await spoiled("short");
    expect((await rows(embed("a", "b", "c"))).map(({ index }) => index)).toEqual([0, 1]);
  });

  test("repeats an index and leaves another out", async () => {
    await spoiled("duplicate");
    const found = (await rows(embed("a", "b", "c"))).map(({ index }) => index);
    expect(found).toHaveLength(3);
    expect(new Set(found).size).toBe(2);
  });

  test("holds a null vector, or a null score", async () => {
    await spoiled("null");
    expect((await rows(embed("a", "b"))).filter(({ embedding }) => embedding === null)).toHaveLength(1);
    const { results } = await (await rerank("a", "b")).json();
    expect(results.filter((result: Item) => result.relevance_score === null)).toHaveLength(1);
  });

  test("holds a vector that is a number shorter", async () => {
    await spoiled("wrong-dimension");
    const lengths = (await rows(embed("a", "b"))).map(({ embedding }) => embedding?.length);
    expect(lengths.toSorted()).toEqual([383, 384]);
  });
});
type Item = { relevance_score: number | null };

test("a wrong answer is counted on the routes that it can spoil", async () => {
  await misbehave({ rules: [{ fault: "short", nth: 1 }] });
  await fetch(`${server.url}/models`, { headers });
  expect(await rows(embed("a", "b"))).toHaveLength(1);
});

describe("a connection that was asked to fail", () => {
  test.each(["cut", "reset"] as const)("is %s in the middle of the body", async (fault) => {
    await misbehave({ rules: [{ fault, nth: 1 }] });
    const response = await embed("a");
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect((await embed("a")).status).toBe(200);
  });

  test("stalls after half of the body until the client gives up", async () => {
    await misbehave({ rules: [{ fault: "stall" }] });
    const controller = new AbortController();
    const response = await fetch(`${server.url}/models`, { headers, signal: controller.signal });
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(value?.length).toBe(Math.floor(Number(response.headers.get("content-length")) / 2));
    const rest = reader?.read();
    controller.abort();
    await expect(rest).rejects.toThrow(/abort/);
  });

  test("is cut in the middle of a stream, or drips it", async () => {
    const messages = [{ role: "user", content: "Tea is hot.\nIs tea hot?" }];
    const body = JSON.stringify({ model: "m", messages, stream: true });
    const stream = () => fetch(`${server.url}/chat/completions`, { method: "POST", headers, body });
    await misbehave({
      rules: [
        { fault: "cut", nth: 1 },
        { fault: "drip", ms: 100, nth: 2 },
      ],
    });
    const response = await stream();
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toMatch(/^data: \{"id"/);
    await expect(reader?.closed).rejects.toThrow();
    expect(await (await stream()).text()).toMatch(/data: \[DONE\]\n\n$/);
  });

  test("drips, and is whole in the end", async () => {
    await misbehave({ rules: [{ fault: "drip", ms: 200 }] });
    const came = performance.now();
    expect(await rows(embed("a", "b"))).toHaveLength(2);
    expect(performance.now() - came).toBeGreaterThan(180);
  });

  test("does not keep a closing server waiting", async () => {
    const stalling = await startLocalServer({ faults: { rules: [{ fault: "stall" }] } });
    const response = await fetch(`${stalling.url}/models`, { headers });
    const body = response.text();
    await Promise.all([stalling.close(), expect(body).rejects.toThrow()]);
  });
});

describe("a rate limit that was asked for", () => {
  test("refuses above the requests of a window, says until when, and lets the next window in", async () => {
    await misbehave({ rateLimit: { requests: 2, windowMs: 300, headers: "all", retryAfter: true } });
    const first = await embed("a");
    expect(first.headers.get("x-ratelimit-limit")).toBe("2");
    expect(first.headers.get("x-ratelimit-remaining")).toBe("1");
    expect((await embed("a")).status).toBe(200);
    const refused = await embed("a");
    expect(refused.status).toBe(429);
    expect((await refused.json()).error.type).toBe("dynamic_request_limited");
    const seconds = Number(refused.headers.get("x-ratelimit-reset"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(0.3);
    expect(refused.headers.get("retry-after")).toBe("1");
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000 + 5));
    expect((await embed("a")).status).toBe(200);
  });

  test("counts tokens, and a refused request does not count", async () => {
    await misbehave({ rateLimit: { tokens: 10 } });
    expect((await embed("one two three four")).status).toBe(200);
    const refused = await embed("one two three four five six seven");
    expect(refused.status).toBe(429);
    expect((await refused.json()).error.type).toBe("dynamic_token_limited");
    expect(refused.headers.get("x-tokenlimit-remaining")).toBe("6");
    expect((await embed("five six")).status).toBe(200);
  });
});

describe("latency that was asked for", () => {
  test("grows with the texts and varies by the seed", async () => {
    await misbehave({ seed: 3, latency: { fixedMs: 50, perTextMs: 30, jitterMs: 1 } });
    const came = performance.now();
    await embed("a", "b", "c");
    expect(performance.now() - came).toBeGreaterThanOrEqual(139);
  });
});

describe("the routes for tests", () => {
  test("show what arrived, without the key, and what became of it", async () => {
    await misbehave({ rules: [{ fault: "status", status: 500, nth: 2 }] });
    await embed("a", "b");
    await embed("c");
    expect(await arrivals()).toMatchObject([
      {
        method: "POST",
        path: "/v1/embeddings",
        status: 200,
        texts: 2,
        faults: [],
        body: { model: "m", input: ["a", "b"] },
      },
      { status: 500, texts: 1, faults: ["status"] },
    ]);
    expect(JSON.stringify(await arrivals())).not.toContain("Bearer");
  });

  test("show a body that is nested too deeply to be written again as text", async () => {
    const body = "[".repeat(20_000) + "]".repeat(20_000);
    await fetch(`${server.url}/embeddings`, { method: "POST", headers, body });
    expect(await arrivals()).toMatchObject([{ status: 400, body }]);
  });

  test("show a client that has gone as 499, which is no fault of the server", async () => {
    await misbehave({ latency: { fixedMs: 600_000 } });
    const controller = new AbortController();
    const { signal } = controller;
    const body = JSON.stringify({ model: "m", input: "a" });
    const given = fetch(`${server.url}/embeddings`, { method: "POST", headers, body, signal });
    await expect.poll(async () => (await arrivals())[0]?.faults).toEqual(["latency"]);
    controller.abort();
    await expect(given).rejects.toThrow(/abort/);
    await expect.poll(async () => (await arrivals())[0]?.status).toBe(499);
  });

  test("refuse another method with 405 and name the right ones", async () => {
    const response = await fetch(`${root()}/_faults`, { method: "DELETE" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, POST"]);
  });

  test("do not exist unless faults were asked for", async () => {
    const plain = await startLocalServer();
    for (const path of ["/_faults", "/_requests"]) {
      expect((await fetch(plain.url.replace("/v1", path), { headers })).status).toBe(404);
    }
    await plain.close();
  });

  test.each([
    [{ rules: [{ fault: "sutter" }] }, /`rules.0.fault` is one of status, html, shuffled/],
    [{ rules: [{ fault: "status" }] }, /`rules.0.status`/],
    [{ rules: [{ fault: "short", probability: 2 }] }, /`rules.0.probability`/],
    [{ rules: [{ fault: "shuffled", route: "chat" }] }, /`rules.0.route`/],
    [{ rules: [{ fault: "status", status: 500, headers: { "a b": "c" } }] }, /`rules.0.headers`/],
    [{ latency: 5 }, /`latency`/],
    [{ latencyMs: 5 }, /latencyMs/],
    [[], /expected object/],
  ])("refuse %j and say what is wrong", async (faults, message) => {
    const response = await fetch(`${root()}/_faults`, { method: "POST", body: JSON.stringify(faults) });
    expect(response.status).toBe(400);
    expect((await response.json()).error.message).toMatch(message);
    await expect(startLocalServer({ faults: faults as Faults })).rejects.toThrow(message);
  });
});
