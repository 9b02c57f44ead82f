import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { originalModelFolder } from "../scripts/build-model.ts";
import { type Arrival, type LocalServer, type LocalServerOptions, startLocalServer } from "./index.ts";

const headers = { authorization: "Bearer any" };
const ownModel = fileURLToPath(new URL("../dist/model/", import.meta.url));

/** Taken before the first server of this file starts. */
const globals = [globalThis.Request, globalThis.Response, globalThis.fetch];

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ dimensions: { "BAAI/bge-large-en-v1.5": 1024 } });
});
afterAll(() => server.close());

async function embed(url: string, model: string, input: string | string[], format?: string) {
  const body = JSON.stringify({ model, input, encoding_format: format });
  const response = await fetch(`${url}/embeddings`, { method: "POST", headers, body });
  if (!response.ok) throw new Error(await response.text());
  const { data, usage } = await response.json();
  return { vectors: data.map((row: { embedding: unknown }) => row.embedding), usage };
}

describe("dimensions", () => {
  test("are the model's own, or padded with zeros for a model that has more", async () => {
    const own = (await embed(server.url, "other", "tea")).vectors[0];
    const padded = (await embed(server.url, "BAAI/bge-large-en-v1.5", "tea")).vectors[0];
    expect(own).toHaveLength(384);
    expect(padded).toEqual([...own, ...new Array(640).fill(0)]);
    const encoded = (await embed(server.url, "BAAI/bge-large-en-v1.5", "tea", "base64")).vectors[0];
    expect(Buffer.from(encoded, "base64")).toHaveLength(4096);
  });

  test.each(["constructor", "__proto__", "toString"])(
    "are the model's own for a model called %s",
    async (model) => {
      expect((await embed(server.url, model, "tea")).vectors[0]).toHaveLength(384);
    },
  );

  test("below the model's own are refused at the start: vectors are not cut", async () => {
    await expect(startLocalServer({ dimensions: 128 })).rejects.toThrow(
      "Expected `dimensions` to be at least the model's 384, got `128`",
    );
  });
});

describe("usage", () => {
  test("counts the tokens that the model read, special tokens included, each text cut at 256", async () => {
    expect((await embed(server.url, "m", "hello world")).usage).toEqual({
      prompt_tokens: 4,
      total_tokens: 4,
    });
    const { usage } = await embed(server.url, "m", ["hello world", "hello ".repeat(1000)]);
    expect(usage.prompt_tokens).toBe(4 + 256);
  });
});

describe("a page in a browser", () => {
  test("may ask from anywhere, with a key and JSON", async () => {
    const asked = await fetch(`${server.url}/embeddings`, {
      method: "OPTIONS",
      headers: {
        origin: "http://app.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe("*");
    expect(asked.headers.get("access-control-allow-headers")).toMatch(/authorization/);
    const refused = await fetch(`${server.url}/models`, { headers: { origin: "http://app.example" } });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("closing", () => {
  test("finishes what is in flight, on kept-alive connections too, and takes nothing new", async () => {
    const closing = await startLocalServer({ faults: {} });
    await embed(closing.url, "m", "a first request, so that the connection is kept");
    const inFlight = embed(
      closing.url,
      "m",
      Array.from({ length: 150 }, (_, i) => `text ${i} of many`),
    );
    await expect.poll(() => waiting(closing.url)).toBe(150);
    const closed = closing.close();
    expect((await inFlight).vectors).toHaveLength(150);
    await closed;
    await expect(fetch(`${closing.url}/models`, { headers })).rejects.toThrow();
    expect(await closing.close()).toBeUndefined();
  });

  /** The texts of the request that has arrived and is not answered. */
  async function waiting(url: string): Promise<number | undefined> {
    const arrivals: Arrival[] = await (await fetch(url.replace("/v1", "/_requests"))).json();
    return arrivals.find(({ status }) => status === null)?.texts;
  }
});

describe("large requests", () => {
  const body = JSON.stringify({ model: "m", input: "word ".repeat(400_000) });
  const send = (url: string, sent = body) =>
    fetch(`${url}/embeddings`, { method: "POST", headers, body: sent });

  test("beyond what is held for others get 503, and those that are held are answered", async () => {
    const faults = { latency: { fixedMs: 600_000 } };
    const crowded = await startLocalServer({ maxBodyBytes: 2 ** 21, faults });
    const held = Array.from({ length: 8 }, () => send(crowded.url));
    await expect.poll(() => arrived(crowded.url), { timeout: 10_000 }).toBe(8);
    const refused = await send(crowded.url);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { type: "server_error", code: "overloaded" } });
    await crowded.close();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual(new Array(8).fill(200));
  });

  test("are no longer counted when they are answered or refused", async () => {
    const plain = await startLocalServer({ maxBodyBytes: 2 ** 21 });
    for (let i = 0; i < 10; i++) expect((await send(plain.url)).status).toBe(200);
    for (let i = 0; i < 10; i++) expect((await send(plain.url, `${body}${body}`)).status).toBe(413);
    expect((await send(plain.url)).status).toBe(200);
    await plain.close();
  });

  /** The requests whose body has been read. */
  async function arrived(url: string): Promise<number> {
    const arrivals: Arrival[] = await (await fetch(url.replace("/v1", "/_requests"))).json();
    return arrivals.filter(({ texts }) => texts > 0).length;
  }
});

describe("many servers in one process", () => {
  test("share one listener for its exit, since Node warns of more than ten", async () => {
    const before = process.listenerCount("exit");
    const servers = await Promise.all([startLocalServer(), startLocalServer()]);
    expect(process.listenerCount("exit")).toBe(before);
    await Promise.all(servers.map((each) => each.close()));
  });
});

describe("closing while the model has a minute's work", () => {
  test("ends with the client's own end", async () => {
    const busy = await startLocalServer();
    const controller = new AbortController();
    const body = JSON.stringify({ model: "m", input: new Array(2000).fill("word ".repeat(250)) });
    const given = fetch(`${busy.url}/embeddings`, {
      method: "POST",
      headers,
      body,
      signal: controller.signal,
    });
    await embed(busy.url, "m", "the long one is at work");
    const closed = busy.close();
    controller.abort();
    await expect(given).rejects.toThrow(/abort/);
    await closed;
  });
});

describe("a client that gives up", () => {
  test("is worked for no longer", async () => {
    const controller = new AbortController();
    const long = Array.from({ length: 2000 }, () => "word ".repeat(250));
    const body = JSON.stringify({ model: "m", input: long });
    const given = fetch(`${server.url}/embeddings`, {
      method: "POST",
      headers,
      body,
      signal: controller.signal,
    });
    await embed(server.url, "m", "the long one is at work");
    controller.abort();
    await expect(given).rejects.toThrow(/abort/);
    // What was asked takes the model a minute; it rests long before.
    await expect.poll(rests, { timeout: 15_000 }).toBe(true);
  });

  /** Whether this process, its threads included, computes next to nothing for a while. */
  async function rests(): Promise<boolean> {
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { user, system } = process.cpuUsage(before);
    return user + system < 20_000;
  }
});

describe("another model folder", () => {
  test("is run with its own settings and listed under its name", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tiny-model-"));
    await cp(ownModel, folder, { recursive: true });
    await writeFile(join(folder, "sentence_bert_config.json"), '{ "max_seq_length": 16 }');
    await writeFile(join(folder, "1_Pooling", "config.json"), '{ "pooling_mode_cls_token": true }');
    await writeFile(join(folder, "modules.json"), '[{ "type": "sentence_transformers.models.Transformer" }]');
    const other = await startLocalServer({ modelDir: folder });
    const models = await (await fetch(`${other.url}/models`, { headers })).json();
    expect(models[0]).toMatchObject({ id: folder.split("/").at(-1), context_length: 16 });
    const { vectors, usage } = await embed(other.url, "m", "word ".repeat(50));
    expect(usage.prompt_tokens).toBe(16);
    expect(Math.hypot(...vectors[0])).not.toBeCloseTo(1, 2);
    await other.close();
    await rm(folder, { recursive: true });
  });

  test("may be an export as it comes, whose graph has another name", async () => {
    const other = await startLocalServer({ modelDir: originalModelFolder() });
    const [[theirs], [ours]] = [
      (await embed(other.url, "m", "A text about tea.")).vectors,
      (await embed(server.url, "m", "A text about tea.")).vectors,
    ];
    const cosine = theirs.reduce((sum: number, value: number, i: number) => sum + value * ours[i], 0);
    expect(cosine).toBeGreaterThan(0.999);
    await other.close();
  });

  test("whose settings do not fit its graph is refused at the start", async () => {
    const folder = await mkdtemp(join(tmpdir(), "other-model-"));
    await cp(ownModel, folder, { recursive: true });
    await writeFile(join(folder, "config.json"), '{ "hidden_size": 768 }');
    await expect(startLocalServer({ modelDir: folder })).rejects.toThrow(
      `Cannot load the model in ${folder}: expected states of hidden_size 768, got 384 numbers a token`,
    );
    await rm(folder, { recursive: true });
  });

  test("that is broken gets one line that names it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "broken-model-"));
    await expect(startLocalServer({ modelDir: folder })).rejects.toThrow(`No ONNX model in ${folder}`);
    await writeFile(join(folder, "model.onnx"), "no graph");
    await expect(startLocalServer({ modelDir: folder })).rejects.toThrow(`No tokenizer.json in ${folder}`);
    await cp(join(ownModel, "tokenizer.json"), join(folder, "tokenizer.json"));
    await cp(join(ownModel, "config.json"), join(folder, "config.json"));
    await expect(startLocalServer({ modelDir: folder })).rejects.toThrow(
      new RegExp(`^Cannot load the model in ${folder}: .+$`),
    );
    await rm(folder, { recursive: true });
  });
});

test("the globals of the program that starts a server stay as they were", () => {
  expect(globals).toEqual([globalThis.Request, globalThis.Response, globalThis.fetch]);
});

describe("HTTP that is not", () => {
  test("is answered with 400, and the server goes on", async () => {
    const broken = request({ port: server.port, path: "/v1/models", headers: { host: "a b" } }).end();
    const status = await new Promise((resolve) => {
      broken.on("response", (response) => resolve(response.statusCode));
      broken.on("error", () => resolve("closed"));
    });
    expect([400, 401, "closed"]).toContain(status);
    expect((await fetch(`${server.url}/models`, { headers })).status).toBe(200);
  });
});

test.each<[object, string]>([
  [{ port: -1 }, "Expected `port` to be an integer from 0 to 65535, got `-1`"],
  [{ port: "80" }, 'Expected `port` to be an integer from 0 to 65535, got `"80"`'],
  [{ host: "" }, 'Expected `host` to be a non-empty string, got `""`'],
  [{ host: "0.0.0.0" }, "Expected `apiKey` to be set when `host` is not loopback"],
  [{ apiKey: " " }, "Expected `apiKey` to be a non-empty string, got another value"],
  [{ dimensions: { m: 0 } }, "Expected `dimensions` to be an integer from 1 up"],
  [{ dimensions: true }, "Expected `dimensions` to be an integer from 1 up"],
  [{ maxBodyBytes: 0 }, "Expected `maxBodyBytes` to be an integer from 1"],
  [{ log: "loud" }, 'Expected `log` to be "json", "pretty" or "silent", got `"loud"`'],
  [{ modelDir: "" }, "Expected `modelDir` to be a non-empty string"],
  [{ prot: 1 }, "Unknown option `prot`"],
])("options %j are a TypeError that says why", async (options, message) => {
  const started = startLocalServer(options as LocalServerOptions);
  await expect(started).rejects.toThrow(TypeError);
  await expect(started).rejects.toThrow(message);
});
