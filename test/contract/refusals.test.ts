/** Refusals in the words of every server of this wire, and wrong addresses: what the error says, and what the client does. */
import { runInNewContext } from "node:vm";
import { TogetherApiError, TogetherConnectionError } from "@together-retrieval/core";
import { type Answer, answer, honest, page } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { startServer } from "@together-retrieval/test-server/server";
import { describe, expect, vi } from "vitest";
import { clientOf, MODEL } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const TEXT = "the patient in room seven is called Ottilie";

/** A body as the server's source or a public report has it -> what the error holds of it. */
const bodies: [string, number, unknown, Record<string, unknown>][] = [
  [
    "vLLM",
    400,
    { error: { message: "The model `X` does not exist.", type: "NotFoundError", param: null, code: 400 } },
    { message: /400: The model `X` does not exist\. /, code: null, type: "NotFoundError", param: null },
  ],
  [
    "vLLM, flat",
    400,
    { object: "error", message: "bad", type: "Bad Request", param: "body.model", code: 400 },
    { message: /400: bad\. /, code: null, param: "body.model" },
  ],
  ["vLLM without a key", 401, { error: "Unauthorized" }, { message: /401: Unauthorized\. .*`apiKey`/ }],
  [
    "TEI, natively",
    424,
    { error: "model is not a re-ranker model", error_type: "Backend" },
    { message: /424: model is not a re-ranker model\. /, type: "Backend" },
  ],
  [
    "Infinity",
    422,
    { detail: [{ type: "too_long", loc: ["body", "model"], msg: "Value is too long", input: [TEXT] }] },
    { message: /422: Value is too long\. /, type: "too_long", param: "body.model" },
  ],
  ["Infinity without a key", 401, { detail: "Unauthorized" }, { message: /401: Unauthorized\. / }],
  [
    "llama.cpp",
    501,
    { error: { code: 501, message: "This server does not support reranking", type: "not_supported_error" } },
    { message: /501: This server does not support reranking\. /, code: null, type: "not_supported_error" },
  ],
  [
    "LM Studio",
    400,
    { error: "No models loaded. Please load a model" },
    { message: /400: No models loaded\. Please load a model\. / },
  ],
  [
    "LiteLLM, older",
    403,
    { error: { message: "no", type: "None", param: "None", code: "403" } },
    { message: /403: no\. /, code: null, type: null, param: null },
  ],
  ["LocalAI", 404, "no backend for it", { message: /404: no backend for it\. / }],
  [
    "Voyage",
    404,
    { detail: "Model voyage-0 is not supported." },
    { message: /404: Model voyage-0 is not supported\. / },
  ],
  [
    "Jina",
    403,
    { detail: "Insufficient account balance.", code: "AUTHZ_INSUFFICIENT_BALANCE" },
    { message: /403 \(AUTHZ_INSUFFICIENT_BALANCE\): Insufficient account balance\. / },
  ],
  [
    "Jina, newer",
    400,
    {
      detail: "Validation failed",
      errors: [{ field: "body -> task", message: "Extra inputs are not permitted", input: TEXT }],
    },
    { message: /400: Validation failed\. /, param: "body -> task" },
  ],
  [
    "Jina, without words of its own",
    400,
    { errors: [{ field: "body -> task", message: "Extra inputs are not permitted", input: TEXT }] },
    { message: /400: Extra inputs are not permitted\. / },
  ],
  [
    "Cohere",
    401,
    { id: "abc", message: "invalid api token" },
    { requestId: "abc", message: /invalid api token/ },
  ],
  [
    "DeepInfra",
    404,
    { detail: { error: "Model is not available" } },
    { message: /404: Model is not available\. / },
  ],
  [
    "Cloudflare",
    400,
    { result: null, success: false, errors: [{ code: 5007, message: "No such model" }], messages: [] },
    { message: /400 \(5007\): No such model\. /, code: "5007" },
  ],
  [
    "Gemini, in a list",
    404,
    [{ error: { message: "no such model here", status: "NOT_FOUND", code: 404 } }],
    { message: /404: no such model here\. /, code: null },
  ],
  ["nobody in particular", 418, { odd: true, input: TEXT }, { message: /418: \{"odd":true\}\. / }],
];

describe.each(doors)("a refusal through $name", ({ open }) => {
  const quick = (baseURL: string) => open({ baseURL, client: { maxRetries: 0 } });

  it.for(bodies)("tells the words of %s", async ([, status, body, told], { server }) => {
    server.always((_, reply) => {
      reply.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    const { message, ...details } = told;
    const error = await failureOf(quick(server.baseURL).embedDocuments([TEXT, "b"]));
    expect(error).toMatchObject({ status, ...details });
    expect((error as Error).message).toMatch(message as RegExp);
    expect((error as Error).message).not.toContain("Ottilie");
    // Each refusal concerns the request as a whole: it was sent once, and no text is blamed.
    expect(error).not.toHaveProperty("inputIndex");
    expect(server.requests).toHaveLength(1);
  });

  it("without a body tells the status and what to do", async ({ server }) => {
    server.always(answer(401, ""));
    expect(await failureOf(quick(server.baseURL).embedQuery("a"))).toHaveProperty(
      "message",
      "The API answered 401: no message. Check the API key: `apiKey`, or TOGETHER_API_KEY.",
    );
  });

  it.for(["x-request-id", "request-id", "x-litellm-call-id", "cf-ray"])(
    "names the request by %s",
    async (header, { server }) => {
      server.always(answer(403, { error: "no" }, { [header]: "req-7" }));
      expect(await failureOf(quick(server.baseURL).embedQuery("a"))).toMatchObject({ requestId: "req-7" });
      server.always(answer(200, { odd: true }, { [header]: "req-8" }));
      expect(await failureOf(quick(server.baseURL).embedQuery("a"))).toMatchObject({ requestId: "req-8" });
    },
  );

  it.for([301, 302, 303, 307, 308])(
    "with %i tells where it leads, and does not go there",
    async (status, { server }) => {
      const other = await startServer();
      try {
        server.always((request, reply) => {
          const location = `${other.baseURL}${request.path.slice(3)}?token=a-secret`;
          reply.writeHead(status, { location }).end();
        });
        const door = open(server);
        for (const work of [door.embedQuery(TEXT), door.rerank(TEXT, [TEXT])]) {
          const error = await failureOf(work);
          expect(error).toBeInstanceOf(TogetherApiError);
          expect(error).toMatchObject({ status, retryable: false });
          expect((error as Error).message).toContain(`was redirected to ${other.baseURL}. Set \`baseURL\``);
          expect((error as Error).message).not.toContain("a-secret");
        }
        expect(other.requests).toHaveLength(0);
        expect(server.requests).toHaveLength(2);
      } finally {
        await other.close();
      }
    },
  );

  it.for([
    ["/v2/embeddings", (origin: string) => `${origin}/v2`],
    ["../other/embeddings?x=1#y", (origin: string) => `${origin}/other`],
    ["//gateway.example/v1/embeddings", () => "http://gateway.example/v1"],
    ["https://user:a-secret@gateway.example/v1/embeddings", () => "https://gateway.example/v1"],
  ] as const)(
    "that leads to %s tells an address that `baseURL` takes",
    async ([location, target], { server }) => {
      server.always((_, reply) => void reply.writeHead(307, { location }).end());
      const { message } = (await failureOf(open(server).embedQuery(TEXT))) as Error;
      expect(message).toContain(
        `was redirected to ${target(new URL(server.baseURL).origin)}. Set \`baseURL\``,
      );
      expect(message).not.toContain("a-secret");
    },
  );

  it("that leads nowhere says so", async ({ server }) => {
    server.always((_, reply) => void reply.writeHead(307).end());
    expect(await failureOf(open(server).embedQuery(TEXT))).toMatchObject({
      message: expect.stringContaining("a redirection to another address"),
    });
  });

  it.for<[string, Answer]>([
    ["404", answer(404, { detail: "Not Found" })],
    ["a website's 404", page(404, "Not here")],
    ["a website's 405", page(405, "Not allowed")],
    ["a website's page", page(200)],
    ["an error with 200", answer(200, { error: "Unexpected endpoint or method. (POST /embeddings)" })],
  ])("of a route, %s, asks for the `/v1` that is missing", async ([, wrong], { server }) => {
    server.always(wrong);
    const baseURL = server.baseURL.replace("/v1", "");
    const error = await failureOf(quick(baseURL).embedQuery("a"));
    expect((error as Error).message).toContain(`Did you mean \`${baseURL}/v1\`?`);
    const { message } = (await failureOf(quick(server.baseURL).embedQuery("a"))) as Error;
    expect(message).not.toContain("Did you mean");
    expect(message).toContain("`baseURL`");
    expect(server.requests).toHaveLength(2);
  });

  it("by a server that speaks http, not https, says so at once", async ({ server }) => {
    const onRetry = vi.fn();
    const baseURL = server.baseURL.replace("http:", "https:");
    const error = await failureOf(open({ baseURL, client: { onRetry } }).embedQuery("a"));
    expect(error).toBeInstanceOf(TogetherConnectionError);
    expect((error as Error).message).toMatch(/speaks http: write `http:\/\/` in `baseURL`/);
    expect(onRetry).not.toHaveBeenCalled();
  });

  it("of a port that no `fetch` takes says so at once", async () => {
    const onRetry = vi.fn();
    const error = await failureOf(
      open({ baseURL: "http://127.0.0.1:6000/v1", client: { onRetry } }).embedQuery("a"),
    );
    expect(error).toMatchObject({
      message: expect.stringMatching(/bad port\. Every `fetch` refuses this port/),
    });
    expect(onRetry).not.toHaveBeenCalled();
  });

  it("of a connection on this machine is told after a second attempt", async ({ server }) => {
    const onRetry = vi.fn();
    await server.close();
    const error = await failureOf(open({ baseURL: server.baseURL, client: { onRetry } }).embedQuery("a"));
    expect(error).toMatchObject({ message: expect.stringMatching(/ECONNREFUSED.*No server listens there/) });
    expect(onRetry).toHaveBeenCalledOnce();
  });

  it("of another realm's making is read like this one's", async ({ server }) => {
    // Under jest, the platform's errors are instances of another `Error`.
    const foreign = runInNewContext(
      `Object.assign(new TypeError("fetch failed", { cause: Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:80"), { code: "ECONNREFUSED" }) }))`,
    );
    expect(foreign).not.toBeInstanceOf(Error);
    const door = open({
      baseURL: server.baseURL,
      client: { maxRetries: 0, fetch: () => Promise.reject(foreign) },
    });
    const error = (await failureOf(door.embedQuery("a"))) as Error;
    expect(error.message).toContain("connect ECONNREFUSED 10.0.0.1:80");
    expect(error).toHaveProperty("cause.cause.code", "ECONNREFUSED");
  });
});

describe("a `fetch` that a program puts in the platform's place later", () => {
  it("is called by a client that was made before", async ({ server }) => {
    const client = clientOf(server);
    const stub = vi.fn(async (_url: unknown, init?: { body?: unknown }) => {
      const { input } = JSON.parse(String(init?.body)) as { input: string[] };
      return Response.json({ data: input.map((text, index) => ({ index, embedding: vectorOf(text) })) });
    });
    vi.stubGlobal("fetch", stub);
    try {
      expect(await client.embed(["a"], { model: MODEL })).toEqual([vectorOf("a")]);
    } finally {
      vi.unstubAllGlobals();
    }
    expect(stub).toHaveBeenCalledOnce();
    expect(server.requests).toHaveLength(0);
    server.always(honest());
    await client.embed(["a"], { model: MODEL });
    expect(server.requests).toHaveLength(1);
  });
});
