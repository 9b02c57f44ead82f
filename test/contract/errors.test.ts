/** Errors say what happened and what to do, can be recognised across copies of the package, and never contain a key or a text. */
import { inspect } from "node:util";
import {
  TogetherApiError,
  TogetherClient,
  TogetherConnectionError,
  TogetherError,
  TogetherResponseError,
} from "@together-retrieval/core";
import { type Answer, answer, cutBody, page, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import type { Request } from "@together-retrieval/test-server/request";
import { describe, expect, it as plainIt } from "vitest";
import { KEY, MODEL } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const texts = [
  'Patient 4711 was admitted on Monday with a "severe" case of\nmeasles.',
  "hunter2",
  "Größe: 42 – naïve café, 東京都",
  "x".repeat(2_000),
];

const sentTexts = ({ inputs, documents, body }: Request) => [body.query, ...inputs, ...documents].join(" ");

/** Everything that was sent, as the server would quote it. */
function allOf(request: Request): string {
  return `${request.headers.authorization} said ${JSON.stringify(request.body)} ${sentTexts(request)}`;
}

function echo(status: number): Answer {
  return (request, reply) => {
    const words = allOf(request);
    const error = { message: words, type: words, param: words, code: words };
    answer(status, { id: words, error })(request, reply);
  };
}

/** An answer that quotes what was sent. */
function saying(say: (request: Request) => Answer): Answer {
  return (request, reply) => say(request)(request, reply);
}

const inHeader = (request: Request) => ({
  "x-request-id": `${KEY}/${request.inputs[1] ?? request.documents[1]}`,
});

const echoes: [string, Answer][] = [
  ["in every member of a refusal", echo(403)],
  ["in a refusal that may be about one text", echo(422)],
  ["in a server's trouble", echo(500)],
  ["in another shape", saying(({ body, headers }) => answer(418, { detail: [body, headers] }))],
  ["in words alone", saying((request) => answer(400, { error: allOf(request) }))],
  ["in a page", saying((request) => page(502, allOf(request)))],
  ["in plain text", saying((request) => answer(429, allOf(request)))],
  ["in a header", saying((request) => refuse(400, {}, inHeader(request)))],
  ["in an odd answer", saying((request) => answer(200, { id: allOf(request), data: request.inputs }))],
  ["in the header of an odd answer", saying((request) => answer(200, {}, inHeader(request)))],
  ["in an odd page", saying((request) => answer(200, allOf(request)))],
  ["in half of a body", cutBody],
];

/** Everything that a log could show of an error. */
function allWords(error: unknown): string {
  const { message, stack, cause } = error as Error;
  const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true });
  const own = JSON.stringify(error, Object.getOwnPropertyNames(error));
  return [
    message,
    String(error),
    stack,
    shown,
    JSON.stringify(error),
    own,
    cause ? allWords(cause) : "",
  ].join("\n");
}

const secrets = [KEY, "4711", "severe", "measles", "hunter2", "naïve café", "東京都", "x".repeat(20)];

function expectSilence(error: unknown) {
  const words = allWords(error);
  expect(secrets.filter((secret) => words.includes(secret))).toEqual([]);
}

describe.each(doors)("an error through $name", ({ open }) => {
  const quick = (baseURL: string) => open({ baseURL, client: { maxRetries: 0 } });

  it.for(echoes)(
    "tells neither the key nor a text, even if the server does: %s",
    async ([, echoing], { server }) => {
      server.always(echoing);
      const door = quick(server.baseURL);
      expectSilence(await failureOf(door.embedDocuments(texts)));
      expectSilence(await failureOf(door.embedQuery(texts[0] as string)));
      expectSilence(await failureOf(door.rerank(texts[0] as string, texts)));
    },
  );

  it("tells neither of them in its cause", async ({ server }) => {
    const failing = async () => {
      const cause = new Error(`deep: ${texts[0]}`, { cause: new Error(`deeper: ${KEY}`) });
      throw Object.assign(new TypeError(`hunter2 was sent with Bearer ${KEY}`, { cause }), {
        request: { KEY, texts },
      });
    };
    const door = open({ baseURL: server.baseURL, client: { maxRetries: 0, fetch: failing } });
    const error = await failureOf(door.embedDocuments(texts));
    expect(error).toBeInstanceOf(TogetherConnectionError);
    expect((error as Error).cause).toBeInstanceOf(Error);
    expectSilence(error);
  });

  it("keeps the server's words, beside what is hidden", async ({ server }) => {
    const words = `Bad input: "${texts[0]}" is not allowed for hunter2's key ${KEY}`;
    server.always(refuse(403, { message: words }));
    const { message } = (await failureOf(quick(server.baseURL).embedDocuments(texts))) as Error;
    expect(message).toContain("Bad input:");
    expect(message).toContain("is not allowed for");
    expectSilence({ message });
  });

  it("carries what the API said of it", async ({ server }) => {
    const refusal = {
      message: "No such model",
      type: "invalid_request_error",
      param: "model",
      code: "model_not_found",
    };
    server.always(refuse(404, refusal, { "x-request-id": "req-1" }));
    const error = await failureOf(quick(server.baseURL).embedDocuments(["text"]));
    expect(error).toMatchObject({
      ...{ name: "TogetherApiError", status: 404, retryable: false, requestId: "req-1" },
      ...{ ...refusal, message: expect.stringMatching(/404.*No such model.*`model`/) },
    });
  });

  it("carries the body's id where no header has one", async ({ server }) => {
    server.always(refuse(400));
    expect(await failureOf(quick(server.baseURL).embedDocuments(["a"]))).toMatchObject({
      requestId: "body-id",
    });
    server.always(answer(200, { id: "answer-id" }));
    expect(await failureOf(quick(server.baseURL).embedDocuments(["a"]))).toMatchObject({
      requestId: "answer-id",
    });
    server.always(answer(200, { id: "answer-id" }, { "x-request-id": "header-id" }));
    expect(await failureOf(quick(server.baseURL).embedDocuments(["a"]))).toMatchObject({
      requestId: "header-id",
    });
  });

  it.for<[number, RegExp]>([
    [401, /`apiKey`.*TOGETHER_API_KEY/],
    [402, /spend limit/],
    [403, /allowed/],
    [404, /`model`.*`baseURL`/],
    [413, /`batchSize`/],
    [429, /rate limit/],
    [500, /try again later/],
  ])("with %i says what to do next", async ([status, words], { server }) => {
    server.always(refuse(status));
    expect(await failureOf(quick(server.baseURL).embedDocuments(["text"]))).toMatchObject({ message: words });
  });
});

describe("errors of the core", () => {
  it("hide the texts of objects, however deep", async ({ server }) => {
    server.always((request, reply) => answer(403, { error: JSON.stringify(request.body) })(request, reply));
    const client = new TogetherClient({ apiKey: KEY, baseURL: server.baseURL });
    const documents = [{ title: "hunter2", parts: [{ text: texts[0] }] }];
    expectSilence(await failureOf(client.rerank(texts[2] as string, documents, { model: MODEL })));
  });

  plainIt("show no key in the client itself", () => {
    const client = new TogetherClient({ apiKey: KEY, headers: { "x-secret": "hunter2" } });
    expectSilence(client);
  });

  plainIt("are recognised across copies of the package, by `is` and by name", async () => {
    // The query in the path loads the module a second time, as happens with the ESM and the CommonJS build.
    const path = "../../packages/core/src/errors.ts?copy";
    const copy = (await import(path)) as typeof import("../../packages/core/src/errors.ts");
    const details = {
      status: 400,
      code: null,
      type: null,
      param: null,
      requestId: undefined,
      retryable: false,
    };
    const ours = [
      new TogetherError("e"),
      new TogetherApiError("e", details),
      new TogetherConnectionError("e"),
      new TogetherResponseError("e"),
    ];
    const names = [
      "TogetherError",
      "TogetherApiError",
      "TogetherConnectionError",
      "TogetherResponseError",
    ] as const;
    for (const [at, error] of ours.entries()) {
      expect(error).not.toBeInstanceOf(copy.TogetherError);
      expect(error.name).toBe(names[at]);
      expect(String(error)).toBe(`${names[at]}: e`);
      for (const name of names)
        expect(copy[name].is(error)).toBe(name === names[at] || name === "TogetherError");
    }
    for (const other of [
      undefined,
      null,
      7,
      "TogetherError",
      {},
      new Error("e"),
      { name: "TogetherApiError" },
    ])
      for (const name of names) expect(copy[name].is(other)).toBe(false);
  });

  plainIt("can be sent as JSON with what matters", () => {
    const details = { status: 429, code: "c", type: "t", param: "p", requestId: "r", retryable: true };
    const error = new TogetherApiError("message", { ...details, retryAfterMs: 7, inputIndex: 3 });
    expect(JSON.parse(JSON.stringify(error))).toEqual({ ...details, retryAfterMs: 7, inputIndex: 3 });
  });
});
