/** A text that the server refuses is found among the others of its batch. */
import { TogetherApiError } from "@together-retrieval/core";
import { type Answer, honest, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const BATCH = 100;
/** Texts of different lengths, so that they do not travel in the caller's order. */
const texts = Array.from({ length: BATCH }, (_, at) => `text ${at}`.padEnd(10 + ((at * 37) % 50), "."));
const poison = "poison";

/** Refuses every request that contains the bad text. */
function refusing(status: number, refusal: Parameters<typeof refuse>[1] = {}): Answer {
  return (request, reply) => {
    const isBad = [...request.inputs, ...request.documents].includes(poison);
    return (isBad ? refuse(status, refusal) : honest())(request, reply);
  };
}

async function refusalOf(work: Promise<unknown>): Promise<TogetherApiError> {
  const error = await failureOf(work);
  expect(error).toBeInstanceOf(TogetherApiError);
  return error as TogetherApiError;
}

const others = { type: "invalid_request_error" };

describe.each(doors)("a refused text through $name", ({ open }) => {
  it.for<[number, Parameters<typeof refuse>[1]]>([
    [413, {}],
    [400, { message: "input is too long", ...others }],
    [400, { message: "too many tokens", code: "context_length_exceeded", param: "input", ...others }],
    [422, { message: "one of the inputs cannot be embedded" }],
  ])(
    "is found behind a %i, wherever it stands, within 2·log2 requests more",
    async ([status, refusal], { server }) => {
      server.always(refusing(status, refusal));
      for (const position of [0, 49, 50, 63, 99]) {
        const before = server.requests.length;
        const given = texts.with(position, poison);
        const error = await refusalOf(open(server).embedDocuments(given));
        expect(error).toMatchObject({ status, inputIndex: position, retryable: false });
        expect(error.message).toContain(`${position}`);
        expect(server.requests.length - before - 1).toBeLessThanOrEqual(2 * Math.log2(BATCH));
      }
    },
  );

  it.for([
    { param: "None", code: "400", type: "None" },
    { param: "null", code: "null", type: "null" },
    { param: "", code: "", type: "" },
    { param: "<nil>", code: "<nil>", type: "<nil>" },
    { param: "N/A", code: "-", type: "n/a" },
    { param: "unknown", code: "unknown", type: "unknown" },
    { param: "'None'", code: " 400 ", type: "400 Bad Request" },
  ])("is found where a gateway has nothing to say and says %j", async (nothing, { server }) => {
    server.always(refusing(400, { message: "it is too long", ...nothing }));
    const given = texts.with(63, poison);
    const silent = { param: null, code: null, type: null };
    const embedded = await refusalOf(open(server).embedDocuments(given));
    expect(embedded).toMatchObject({ inputIndex: 63, ...silent });
    const ranked = await refusalOf(open(server).rerank("query", given));
    expect(ranked).toMatchObject({ inputIndex: 63, ...silent });
    const alone = await refusalOf(open(server).embedQuery(poison));
    expect(alone).toMatchObject({ inputIndex: 0, ...silent });
  });

  it("is named by the caller's first index, through duplicates and batches by length", async ({ server }) => {
    server.always(refusing(400));
    const given = ["a longer text", "b", "b", "a longer text", poison, "c".repeat(40), poison];
    const error = await refusalOf(
      open({ baseURL: server.baseURL, embed: { batchSize: 3 } }).embedDocuments(given),
    );
    expect(error.inputIndex).toBe(4);
    expect(error.message).toMatch(/^Text 4 was refused\./);
  });

  it("is named even when it stands alone", async ({ server }) => {
    server.always(refusing(400));
    expect(await refusalOf(open(server).embedDocuments([poison]))).toMatchObject({ inputIndex: 0 });
    expect(server.requests).toHaveLength(1);
  });

  it.for<[string, number, Parameters<typeof refuse>[1]]>([
    ["model_not_available", 400, { code: "model_not_available" }],
    ["a dedicated endpoint that does not run", 400, { code: "dedicated_endpoint_not_running" }],
    ["unknown arguments", 400, { message: "Unrecognized request arguments supplied: dimensions" }],
    ["another parameter", 400, { param: "model" }],
    ["a wrong key", 401, {}],
    ["a spend limit", 402, {}],
    ["a forbidden model", 403, { code: "third_party_data_sharing_blocked" }],
    ["an unknown model", 404, {}],
  ])("is not looked for when all texts share the cause: %s", async ([, status, refusal], { server }) => {
    server.always(refuse(status, refusal));
    const error = await refusalOf(open(server).embedDocuments(texts));
    expect(error).toMatchObject({ status, retryable: false, code: refusal?.code ?? null });
    expect(error.inputIndex).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it("may be any word: one that the API itself uses in its codes and messages changes nothing", async ({
    server,
  }) => {
    const words = [
      "model",
      "request",
      "input",
      "endpoint",
      "arguments",
      "encoding",
      "format",
      "available",
      "1",
    ];
    for (const refusal of [
      { code: "model_not_available", type: "invalid_request_error" },
      { code: "dedicated_endpoint_not_running", type: "invalid_request_error" },
      { message: "Unrecognized request arguments supplied: dimensions" },
    ]) {
      server.requests.length = 0;
      server.always(refuse(refusal.message ? 400 : 503, refusal, { "x-request-id": "request-1" }));
      const error = await refusalOf(open(server).embedDocuments(words));
      expect(error).toMatchObject({ type: null, code: null, ...{ ...refusal, message: error.message } });
      expect(error.requestId).toBe("request-1");
      expect(server.requests).toHaveLength(1);
    }
  });

  it("that is too large only together with others is sent again with fewer", async ({ server }) => {
    server.always((request, reply) => {
      const isLarge = Number(request.headers["content-length"]) > 600;
      return (isLarge ? refuse(413) : honest())(request, reply);
    });
    expect(await open(server).embedDocuments(texts)).toEqual(texts.map((text) => vectorOf(text)));
  });

  it("is not one at all where the server takes fewer texts a request", async ({ server }) => {
    server.always((request, reply) => {
      const isMany = request.inputs.length > 32;
      const words = { message: "batch size 100 > maximum allowed batch size 32" };
      return (isMany ? refuse(422, words) : honest())(request, reply);
    });
    expect(await open(server).embedDocuments(texts)).toEqual(texts.map((text) => vectorOf(text)));
  });

  it("among documents to rank is found behind a 413", async ({ server }) => {
    server.always(refusing(413));
    const error = await refusalOf(open(server).rerank("query", texts.with(70, poison)));
    expect(error).toMatchObject({ status: 413, inputIndex: 70 });
    expect(error.message).toMatch(/^Document 70 was refused\./);
    expect(server.requests.length - 1).toBeLessThanOrEqual(2 * Math.log2(BATCH));
  });
});
