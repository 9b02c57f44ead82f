/** An adapter's options as data: what an id or a cache key may be made of. */
import { expect, test } from "vitest";
import { inPositions, serializableOptions } from "./adapter.ts";
import { pinned, TogetherApiError, TogetherResponseError } from "./errors.ts";

class Vocabulary {
  readonly words = ["a", "b"];
  readonly self = this;
  encode(text: string): number[] {
    return [...text].map(() => 0);
  }
  decode(): string {
    return "";
  }
}

test("a tokenizer is code, whether it is an instance of a class, refers to itself, or has members of its own", () => {
  const plain: Record<string, unknown> = { encode: () => [], decode: () => "", vocabulary: { a: 1 } };
  plain.self = plain;
  for (const tokenizer of [new Vocabulary(), plain, Object.freeze(new Vocabulary())]) {
    const options = { model: "m", profile: { dimensions: 3, tokenizer } };
    expect(serializableOptions(options)).toEqual({ model: "m", profile: { dimensions: 3 } });
  }
});

test("instances of classes and objects that hold themselves are left out wherever they stand", () => {
  const loop: Record<string, unknown> = { a: 1 };
  loop.loop = { loop };
  const options = { other: { loop, vocabulary: new Vocabulary(), map: new Map(), kept: { deep: [1] } } };
  const data = serializableOptions(options);
  expect(data).toEqual({ other: { loop: { a: 1 }, kept: { deep: [1] } } });
  expect(JSON.parse(JSON.stringify(data))).toEqual(data);
});

test("`extraBody` is data to its last member, whatever the members are called, and is a copy", () => {
  const deep = {
    tokenizer: "a",
    headers: ["b"],
    when: new Date(0),
    list: [{ key: 1 }, () => 1],
    gone: () => 1,
  };
  const extraBody = { client: "c", apiKey: "no secret of ours", deep };
  const data = serializableOptions({ model: "m", extraBody });
  extraBody.client = "changed later";
  expect(data).toEqual({
    model: "m",
    extraBody: {
      ...{ client: "c", apiKey: "no secret of ours" },
      deep: {
        ...{ tokenizer: "a", headers: ["b"], when: "1970-01-01T00:00:00.000Z", list: [{ key: 1 }, null] },
      },
    },
  });
  expect(structuredClone(data)).toEqual(data);
  expect(serializableOptions({ model: "m", extraBody: undefined })).toEqual({ model: "m" });
});

test("an empty object stays, one of functions alone goes, and what two members share is in both", () => {
  const shared = { x: 1 };
  const options = { empty: {}, functions: { f() {} }, one: shared, two: { shared }, apiKey: "secret" };
  expect(serializableOptions(options)).toEqual({ empty: {}, one: { x: 1 }, two: { shared: { x: 1 } } });
});

test("what an error says of a document is said of the caller's, and nothing else is changed", async () => {
  const positions = Array.from({ length: 20 }, (_, at) => 100 + at);
  const failed = (error: unknown) =>
    inPositions(Promise.reject(error), positions, "nodes").catch((thrown: unknown) => thrown);
  const about = "Expected `documents[12].when` to be";
  expect(await failed(new TypeError(about))).toEqual(new TypeError("Expected `nodes[112].when` to be"));
  const score = "The score of document 12 is no number. Id 12.";
  const response = await failed(new TogetherResponseError(score, "request 12"));
  expect(response).toMatchObject({
    message: "The score of document 112 is no number. Id 12.",
    requestId: "request 12",
  });
  const details = {
    status: 400,
    code: null,
    param: null,
    type: null,
    requestId: undefined,
    retryable: false,
  };
  const refused = new TogetherApiError("it holds Document 12 twice", details);
  expect(await failed(pinned(refused, "Document", 12))).toMatchObject({
    message: "Document 112 was refused. it holds Document 12 twice",
    inputIndex: 112,
  });
  for (const other of [refused, new TypeError("`query`"), new Error("Document 12")])
    expect(await failed(other)).toBe(other);
});
