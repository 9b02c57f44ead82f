/** How vectors travel, and what is done to them on arrival. */

import {
  type Answer,
  answer,
  embeddings,
  honest,
  ofDimensions,
  refuse,
} from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { toBase64, vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const unknownArgument = refuse(400, {
  message: "Unrecognized request arguments supplied: encoding_format",
  type: "invalid_request_error",
});

/** A server, or a model of it, that does not know `encoding_format`. */
const floatOnly: Answer = (request, reply) =>
  ("encoding_format" in request.body ? unknownArgument : honest())(request, reply);

const lengthOf = (vector: readonly number[]) => Math.hypot(...vector);

describe.each(doors)("the encoding through $name", ({ open }) => {
  const opened = (baseURL: string, encodingFormat: "float" | "base64" | "auto", model = "test/model") =>
    open({ baseURL, embed: { encodingFormat, model } });

  it("`float` asks for nothing", async ({ server }) => {
    await opened(server.baseURL, "float").embedDocuments(["text"]);
    expect(server.requests[0]?.body).not.toHaveProperty("encoding_format");
  });

  it.for(["base64", "auto"] as const)(
    "`%s` asks for base64, bit for bit the same",
    async (format, { server }) => {
      expect(await opened(server.baseURL, format).embedDocuments(["text"])).toEqual([vectorOf("text")]);
      expect(server.requests[0]?.body).toHaveProperty("encoding_format", "base64");
    },
  );

  it("`base64` understands numbers as well", async ({ server }) => {
    server.always(
      embeddings((body, { inputs }) => ({
        ...body,
        data: inputs.map((text, index) => ({ index, embedding: vectorOf(text) })),
      })),
    );
    expect(await opened(server.baseURL, "base64").embedDocuments(["text"])).toEqual([vectorOf("text")]);
  });

  it("`base64` that is refused is an error: it was the caller's word", async ({ server }) => {
    server.always(floatOnly);
    const error = await failureOf(opened(server.baseURL, "base64").embedDocuments(["a", "b"]));
    expect(error).toMatchObject({ status: 400 });
    expect(server.requests).toHaveLength(1);
  });

  it("`auto` falls back where base64 is refused, once for each model", async ({ server }) => {
    server.always(floatOnly);
    const door = opened(server.baseURL, "auto");
    for (const text of ["a", "b", "c"]) expect(await door.embedDocuments([text])).toEqual([vectorOf(text)]);
    expect(server.requests.map(({ body }) => "encoding_format" in body)).toEqual([true, false, false, false]);
  });

  it("`auto` in a first call of many batches costs what was in flight, and not what waited for its turn", async ({
    server,
  }) => {
    server.always(floatOnly);
    const client = { maxConcurrency: 3 };
    const door = open({ baseURL: server.baseURL, client, embed: { encodingFormat: "auto", batchSize: 1 } });
    const texts = Array.from({ length: 20 }, (_, at) => `text ${at}`);
    for (const call of ["first", "second"]) {
      expect(await door.embedDocuments(texts), call).toEqual(texts.map((text) => vectorOf(text)));
      const refused = server.requests.filter(({ body }) => "encoding_format" in body);
      expect(refused.length, call).toBeLessThanOrEqual(3);
      expect(server.requests.length - refused.length, call).toBe(call === "first" ? 20 : 40);
    }
  });

  it.for<[string, number, unknown]>([
    ["OpenAI's shape", 422, { error: { message: "encoding_format: base64 is not supported", param: null } }],
    ["a pointer alone", 422, { error: { message: "not supported", param: "encoding_format" } }],
    [
      "FastAPI",
      422,
      { detail: [{ loc: ["body", "encoding_format"], msg: "unexpected value", input: "base64" }] },
    ],
    ["Jina", 400, { detail: "extra fields not permitted: ['encoding_format']" }],
    [
      "Jina, newer",
      400,
      { errors: [{ field: "body -> m -> encoding_format", message: "Extra inputs are not permitted" }] },
    ],
    ["LiteLLM", 400, { error: { message: "Setting user/encoding format is not supported", param: "None" } }],
    ["LiteLLM, as a failure", 500, { error: { message: "Setting encoding format is not supported" } }],
    ["a 404", 404, { error: "encoding_format not found" }],
    ["a 415", 415, { message: "base64 is not supported" }],
  ])("`auto` falls back whatever the refusal's words: %s", async ([, status, refusal], { server }) => {
    server.always((request, reply) =>
      ("encoding_format" in request.body ? answer(status, refusal) : honest())(request, reply),
    );
    const door = opened(server.baseURL, "auto");
    for (const text of ["a", "b"]) expect(await door.embedDocuments([text])).toEqual([vectorOf(text)]);
    // The refusal has cost one request in total.
    expect(server.requests.map(({ body }) => "encoding_format" in body)).toEqual([true, false, false]);
  });

  it("`auto` does not take a text that speaks of base64 for that refusal", async ({ server }) => {
    const texts = ["what is base64, and where is it used?", "another"];
    server.always((request, reply) => {
      const isBad = request.inputs.includes(texts[0] as string);
      const words = { message: `"${texts[0]}" is too long` };
      return (isBad ? refuse(400, words) : honest())(request, reply);
    });
    expect(await failureOf(opened(server.baseURL, "auto").embedDocuments(texts))).toMatchObject({
      inputIndex: 0,
    });
    expect(server.requests.every(({ body }) => "encoding_format" in body)).toBe(true);
  });

  it("`auto` does not take another refusal for that one", async ({ server }) => {
    server.always(refuse(400, { message: "input is too long" }));
    await failureOf(opened(server.baseURL, "auto").embedDocuments(["a"]));
    expect(server.requests.map(({ body }) => body.encoding_format)).toEqual(["base64"]);
  });

  it("with `normalize` gives vectors of length 1, and a vector of zeros as it is", async ({ server }) => {
    const door = open({ baseURL: server.baseURL, embed: { normalize: true } });
    const [vector] = await door.embedDocuments(["text"]);
    expect(lengthOf(vector ?? [])).toBeCloseTo(1, 12);
    const scale = lengthOf(vectorOf("text"));
    for (const [at, value] of vectorOf("text").entries()) expect(vector?.[at]).toBeCloseTo(value / scale, 12);
    server.always(embeddings(() => ({ data: [{ index: 0, embedding: toBase64([0, 0]) }] })));
    expect(await door.embedQuery("text")).toEqual([0, 0]);
  });

  it("without `normalize` leaves vectors as they came", async ({ server }) => {
    const [vector] = await open(server).embedDocuments(["text"]);
    expect(lengthOf(vector ?? [])).not.toBeCloseTo(1, 3);
  });

  it("checks the dimensions that the profile promises", async ({ server }) => {
    const door = open({ baseURL: server.baseURL, embed: { profile: { dimensions: 9 } } });
    await expect(door.embedDocuments(["text"])).rejects.toThrow(/8 dimensions.*9/);
    server.always(ofDimensions(9));
    expect(await door.embedDocuments(["text"])).toEqual([vectorOf("text", 9)]);
  });
});
