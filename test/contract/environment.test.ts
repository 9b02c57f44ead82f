/** Where the key and the address come from: options, the environment, or a client of the official SDK. */
import { createRequire } from "node:module";
import { TogetherClient, type TogetherClientOptions } from "@together-retrieval/core";
import { refuse, silence } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { Together } from "together-ai";
import { afterEach, beforeEach, describe, expect, vi } from "vitest";
import { KEY, MODEL } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const { Together: CommonJSTogether } = createRequire(import.meta.url)("together-ai") as {
  Together: typeof Together;
};

beforeEach(() => {
  for (const name of ["TOGETHER_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHER_BASE_URL"])
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each(doors)("the key through $name", ({ open }) => {
  const keyless = { apiKey: undefined };

  it.for<[Record<string, string>, string]>([
    [{ TOGETHER_API_KEY: "first" }, "first"],
    [{ TOGETHER_AI_API_KEY: "second" }, "second"],
    [{ TOGETHER_API_KEY: "first", TOGETHER_AI_API_KEY: "second" }, "first"],
    [{ TOGETHER_API_KEY: "  ", TOGETHER_AI_API_KEY: "second" }, "second"],
    [{ TOGETHER_API_KEY: " first\n" }, "first"],
  ])("is found in the environment: %o", async ([variables, key], { server }) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const door = open({ baseURL: server.baseURL, client: keyless });
    await door.embedDocuments(["text"]);
    await door.rerank("query", ["document"]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${key}`,
      `Bearer ${key}`,
    ]);
  });

  it("given as an option goes before the environment", async ({ server }) => {
    vi.stubEnv("TOGETHER_API_KEY", "of the environment");
    await open(server).embedDocuments(["text"]);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it("that is missing or blank is refused when the client is made", ({ server }) => {
    expect(() => open({ baseURL: server.baseURL, client: keyless })).toThrow(/`apiKey`.*TOGETHER_API_KEY/);
    vi.stubEnv("TOGETHER_API_KEY", "  ");
    expect(() => open({ baseURL: server.baseURL, client: keyless })).toThrow(TypeError);
    vi.stubEnv("TOGETHER_API_KEY", "of the environment");
    expect(() => open({ baseURL: server.baseURL, client: { apiKey: "" } })).toThrow(/`apiKey`/);
  });

  it("and the address: TOGETHER_BASE_URL, unless `baseURL` is given", async ({ server }) => {
    vi.stubEnv("TOGETHER_BASE_URL", server.baseURL);
    expect(await open({}).embedDocuments(["text"])).toEqual([vectorOf("text")]);
    vi.stubEnv("TOGETHER_BASE_URL", "http://127.0.0.1:9/v1");
    expect(await open({ baseURL: `${server.baseURL}/` }).embedDocuments(["text"])).toEqual([
      vectorOf("text"),
    ]);
    vi.stubEnv("TOGETHER_BASE_URL", "nowhere");
    expect(() => open({})).toThrow(/`TOGETHER_BASE_URL`.*http or https URL/);
  });
});

const copies: [string, typeof Together][] = [
  ["ESM", Together],
  ["CommonJS", CommonJSTogether],
];

describe.each(doors)("an official client through $name", ({ open }) => {
  it.for(copies)("lends its key, address, headers and fetch: %s", async ([, Official], { server }) => {
    vi.stubEnv("TOGETHER_BASE_URL", "of no use beside an official client");
    let fetched = 0;
    const together = new Official({
      apiKey: "key-of-the-official-client",
      baseURL: server.baseURL,
      defaultHeaders: { "x-team": "search" },
      fetch: (...call) => {
        fetched++;
        return fetch(...call);
      },
    });
    const door = open({ client: { apiKey: undefined, together } });
    expect(await door.embedDocuments(["text"])).toEqual([vectorOf("text")]);
    expect(await door.rerank("query", ["document"])).toHaveLength(1);
    expect(fetched).toBe(2);
    for (const { headers } of server.requests)
      expect(headers).toMatchObject({
        authorization: "Bearer key-of-the-official-client",
        "x-team": "search",
      });
  });

  it.for(copies)("lends neither its retries nor its timeout: %s", async ([, Official], { server }) => {
    const together = new Official({ apiKey: KEY, baseURL: server.baseURL, maxRetries: 7, timeout: 1 });
    server.script(refuse(503, { code: "routing_error" }, { "retry-after-ms": "1" }));
    const door = open({ client: { apiKey: undefined, together, maxRetries: 0, timeoutMs: 500 } });
    expect(await failureOf(door.embedDocuments(["text"]))).toMatchObject({
      ...{ name: "TogetherApiError", status: 503, code: "routing_error" },
    });
    expect(server.requests).toHaveLength(1);
    server.script(silence);
    expect(await failureOf(door.embedDocuments(["text"]))).toMatchObject({ message: /within 500 ms/ });
  });

  it.for(copies)(
    "keeps its key out of errors, and stops with its reason: %s",
    async ([, Official], { server }) => {
      const together = new Official({ apiKey: KEY, baseURL: server.baseURL });
      const door = open({ client: { apiKey: undefined, together } });
      server.script(refuse(401, { message: `wrong key ${KEY}` }));
      expect(String(await failureOf(door.embedDocuments(["text"])))).not.toContain(KEY);
      server.script(silence);
      const controller = new AbortController();
      const failure = failureOf(door.embedDocuments(["text"], { signal: controller.signal }));
      await server.nextRequest();
      await server.nextRequest();
      controller.abort("enough");
      expect(await failure).toBe("enough");
    },
  );

  it("has a key, or is refused", ({ server }) => {
    const together = new Together({ apiKey: "", baseURL: server.baseURL });
    expect(() => open({ client: { apiKey: undefined, together } })).toThrow(/`apiKey`/);
  });
});

describe("options that exclude each other", () => {
  it.for<[string, TogetherClientOptions]>([
    ["apiKey", { apiKey: KEY }],
    ["baseURL", { baseURL: "http://127.0.0.1:9/v1" }],
    ["headers", { headers: {} }],
    ["fetch", { fetch }],
  ])("are refused by name: `together` and `%s`", ([name, options]) => {
    const together = new Together({ apiKey: KEY });
    expect(() => new TogetherClient({ together, ...options })).toThrow(
      new RegExp(`\`together\` and \`${name}\``),
    );
  });

  it.for(doors.filter(({ name }) => name !== "core"))(
    "are refused by name: `client` and others, through $name",
    ({ open }) => {
      const client = new TogetherClient({ apiKey: KEY });
      const together = new Together({ apiKey: KEY });
      for (const options of [
        { apiKey: KEY },
        { apiKey: undefined, together },
        { apiKey: undefined, maxRetries: 1 },
      ]) {
        const name = Object.entries(options).find(([, value]) => value !== undefined)?.[0];
        expect(() => open({ client: { ...options, client } as object })).toThrow(
          new RegExp(`\`client\` and \`${name}\``),
        );
      }
      expect(() => open({ client: { apiKey: undefined, client: {} } as object })).toThrow(
        /`client` to be a TogetherClient/,
      );
    },
  );

  it("count the query in an official client's address, which it would put before the route", () => {
    const together = new Together({ apiKey: KEY, baseURL: "http://127.0.0.1:9/v1?api-version=1" });
    expect(() => new TogetherClient({ together })).toThrow(
      /`together`.*no query \(`defaultQuery` holds it\)/,
    );
  });

  it("do not when one is undefined", async ({ server }) => {
    const together = new Together({ apiKey: KEY, baseURL: server.baseURL });
    const client = new TogetherClient({ together, apiKey: undefined, baseURL: undefined });
    expect(await client.embed(["text"], { model: MODEL })).toEqual([vectorOf("text")]);
  });
});
