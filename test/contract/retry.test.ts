/** Which failures are retried, and which are not. */
import { setTimeout } from "node:timers/promises";
import {
  type RetryEvent,
  TogetherApiError,
  TogetherConnectionError,
  TogetherResponseError,
} from "@together-retrieval/core";
import { type Answer, answer, cutBody, page, refuse, reset } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { type Door, doors, type Settings } from "./doors.ts";
import { failureOf } from "./failure.ts";

const soon = { "retry-after-ms": "1" };

/** Sends only the headers of an error, and never its body. */
const cutRefusal: Answer = (_, reply) => {
  reply.writeHead(500, { "content-type": "application/json", "content-length": "1000", ...soon });
  reply.write('{"error":', () => reply.destroy());
};

/** Bounds the waits before retries, so that tests are quick. */
function quick(baseURL: string, client: Settings["client"] = {}): Settings {
  return { baseURL, client: { maxRetryWaitMs: 5, ...client } };
}

/** Embeds, then ranks, and so on, so that both paths get the same failure. */
const works: [string, (door: ReturnType<Door["open"]>) => Promise<unknown>][] = [
  ["embedding", (door) => door.embedDocuments(["text"])],
  ["a query", (door) => door.embedQuery("text")],
  ["ranking", (door) => door.rerank("query", ["document"])],
];

describe.each(doors)("repetition through $name", ({ open }) => {
  it.for([408, 409, 424, 425, 429, 499, 500, 502, 503, 504, 520, 524, 529])(
    "follows a %i",
    async (status, { server }) => {
      for (const [, work] of works) {
        server.requests.length = 0;
        server.script(refuse(status, {}, soon));
        await work(open(server));
        expect(server.requests).toHaveLength(2);
      }
    },
  );

  it.for([400, 401, 402, 403, 404, 405, 410, 413, 418, 422, 431, 451, 498, 501, 505])(
    "never follows a %i",
    async (status, { server }) => {
      server.always(refuse(status, { message: "no" }, soon));
      for (const [what, work] of works) {
        server.requests.length = 0;
        const error = await failureOf(work(open(server)));
        expect(error, what).toBeInstanceOf(TogetherApiError);
        expect(error, what).toMatchObject({ name: "TogetherApiError", status, retryable: false });
        expect(server.requests, what).toHaveLength(1);
      }
    },
  );

  it.for([
    [400, "model_not_available", /start a dedicated endpoint|`baseURL`/],
    [503, "model_not_available", /start a dedicated endpoint|`baseURL`/],
    [400, "dedicated_endpoint_not_running", /Start the dedicated endpoint/],
    [503, "dedicated_endpoint_not_running", /Start the dedicated endpoint/],
  ] as const)(
    "never follows a %i with %s, and the error says what to do",
    async ([status, code, advice], { server }) => {
      server.always(refuse(status, { code, message: "Unable to access non-serverless model X." }, soon));
      for (const [what, work] of works) {
        server.requests.length = 0;
        const error = await failureOf(work(open(server)));
        expect(error, what).toMatchObject({ status, code, retryable: false });
        expect((error as Error).message).toMatch(advice);
        expect(server.requests, what).toHaveLength(1);
      }
    },
  );

  it.for<[string, number, unknown]>([
    ["OpenAI's empty account", 429, { error: { message: "no credit", type: "insufficient_quota" } }],
    ["LiteLLM's spent budget", 429, { error: { message: "no more", type: "budget_exceeded", code: "429" } }],
    ["Cloudflare's spent day", 429, { success: false, errors: [{ code: 3036, message: "used up" }] }],
    ["TEI without a reranker", 424, { error: "model is not a re-ranker model", error_type: "Backend" }],
    [
      "TEI without an embedding model",
      424,
      { message: "Backend error: Model is not an embedding model", code: 424, type: "Backend" },
    ],
  ])("never follows what no time mends: %s", async ([, status, body], { server }) => {
    server.always(answer(status, body, soon));
    for (const [what, work] of works) {
      server.requests.length = 0;
      expect(await failureOf(work(open(server))), what).toMatchObject({ status, retryable: false });
      expect(server.requests, what).toHaveLength(1);
    }
  });

  it("ends after `maxRetries`, with the last refusal", async ({ server }) => {
    server.always(refuse(503, { code: "routing_error" }, soon));
    const error = await failureOf(open(quick(server.baseURL, { maxRetries: 2 })).embedDocuments(["text"]));
    expect(error).toMatchObject({ status: 503, code: "routing_error", retryable: true });
    expect(server.requests).toHaveLength(3);
  });

  it("is five times by default", async ({ server }) => {
    server.always(refuse(500, {}, soon));
    await failureOf(open(server).embedDocuments(["text"]));
    expect(server.requests).toHaveLength(6);
  });

  it("goes on while retries are left, however short `maxRetryWaitMs` is", async ({ server }) => {
    const slowly: Answer = async (request, reply) => {
      await setTimeout(5);
      return refuse(503, {}, soon)(request, reply);
    };
    server.script(...Array.from({ length: 30 }, () => slowly));
    const texts = Array.from({ length: 8 }, (_, at) => `text ${at}`);
    const door = open({ ...quick(server.baseURL, { maxRetries: 40 }), embed: { batchSize: 1 } });
    expect(await door.embedDocuments(texts)).toEqual(texts.map((text) => vectorOf(text)));
  });

  it("does not happen with `maxRetries: 0`", async ({ server }) => {
    server.always(refuse(429, {}, soon));
    await failureOf(open(quick(server.baseURL, { maxRetries: 0 })).embedDocuments(["text"]));
    expect(server.requests).toHaveLength(1);
  });

  it.for<[string, Answer]>([
    ["a reset connection", reset],
    ["a body that is cut half way", cutBody],
    ["a refusal whose words are cut", cutRefusal],
    ["an HTML page with 502", page(502)],
    ["an HTML page with 524", page(524)],
    ["an empty 503", answer(503, "")],
  ])("follows %s", async ([, trouble], { server }) => {
    server.script(trouble, trouble);
    const door = open(quick(server.baseURL));
    expect(await door.embedDocuments(["text"])).toEqual([vectorOf("text")]);
    expect(server.requests).toHaveLength(3);
  });

  it("follows a refused connection, and the error names the trouble", async ({ server }) => {
    const events: RetryEvent[] = [];
    await server.close();
    const settings = quick(server.baseURL, { maxRetries: 2, onRetry: (event) => events.push(event) });
    const error = await failureOf(open(settings).embedDocuments(["text"]));
    expect(error).toBeInstanceOf(TogetherConnectionError);
    expect(error).toMatchObject({ name: "TogetherConnectionError", message: /ECONNREFUSED/ });
    expect(error).toHaveProperty("cause.message");
    expect(events.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("leaves an HTML page with 502 an API error with its status", async ({ server }) => {
    server.always(page(502, "Bad gateway"));
    const error = await failureOf(open(quick(server.baseURL, { maxRetries: 0 })).embedDocuments(["text"]));
    expect(error).toBeInstanceOf(TogetherApiError);
    expect(error).toMatchObject({ status: 502, retryable: true, message: /Bad gateway/ });
    expect((error as Error).message).not.toContain("<");
  });

  it.for<[string, Answer]>([
    ["an HTML page", page(200)],
    ["JSON that is cut, complete as a body", answer(200, '{"data":[')],
    ["an empty body", answer(200, "")],
    ["204", (_, reply) => void reply.writeHead(204).end()],
    ["another JSON", answer(200, { ok: true })],
    ["a JSON string", answer(200, '"fine"')],
  ])("never follows a 2xx of %s", async ([, trouble], { server }) => {
    server.always(trouble);
    for (const [what, work] of works) {
      server.requests.length = 0;
      const error = await failureOf(work(open(server)));
      expect(error, what).toBeInstanceOf(TogetherResponseError);
      expect(error, what).toMatchObject({ name: "TogetherResponseError" });
      expect(server.requests, what).toHaveLength(1);
    }
  });

  it("is told to `onRetry`, and its failure loses nothing", async ({ server }) => {
    const events: RetryEvent[] = [];
    const onRetry = (event: RetryEvent) => {
      events.push(event);
      throw new Error("the caller's own");
    };
    server.script(refuse(429, {}, { "retry-after-ms": "3" }), refuse(503, {}, { "retry-after-ms": "4" }));
    const found = await open({ baseURL: server.baseURL, client: { onRetry } }).embedDocuments(["text"]);
    expect(found).toEqual([vectorOf("text")]);
    expect(
      events.map(({ attempt, waitMs, error }) => [attempt, waitMs, "status" in error && error.status]),
    ).toEqual([
      [1, 3, 429],
      [2, 4, 503],
    ]);
  });
});
