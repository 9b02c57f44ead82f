import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { decodeEmbeddings, decodeRanking } from "./decode.ts";
import { TogetherResponseError } from "./errors.ts";

function answerOf(body: unknown, headers = {}, hint = "") {
  const secrets = { keys: ["a-key-of-the-tests"], texts: [] };
  const baseURL = "http://h/v1";
  const sent = { path: "/embeddings" as const, body: { model: "m" }, secrets, baseURL, hint };
  return { headers: new Headers(headers), body: body && JSON.parse(JSON.stringify(body)), sent };
}

const hint = "Did you mean `http://h/v1`?";
const embeddingOf = (embedding: unknown) => ({ data: [{ index: 0, embedding }] });

test.each<[string, ReturnType<typeof answerOf>, string]>([
  ["no JSON", answerOf(undefined), "it is not a JSON object. Check that `baseURL` is the API's."],
  [
    "a page",
    answerOf(undefined, { "content-type": "text/html; charset=utf-8" }, hint),
    `it is not a JSON object, but an HTML page. Check that \`baseURL\` is the API's. ${hint}`,
  ],
  [
    "text",
    answerOf(undefined, { "content-type": "text/plain" }),
    "it is not a JSON object. Check that `baseURL` is the API's.",
  ],
  [
    "an error",
    answerOf({ error: { message: "No models. . " } }),
    'it is an error, "No models". Check that `baseURL` leads to a server that can do this, and `model`.',
  ],
  [
    "an error at an odd address",
    answerOf({ error: "No models" }, {}, hint),
    `it is an error, "No models". Check that \`baseURL\` leads to a server that can do this, and \`model\`. ${hint}`,
  ],
  ["no list", answerOf({ id: 7 }), "`data` is not an array."],
  ["odd text", answerOf(embeddingOf("?")), "the embedding of input 7 is not a vector, nor base64 of floats."],
  ["no vector", answerOf(embeddingOf({})), "the embedding of input 7 is not a vector."],
  [
    "three numbers",
    answerOf(embeddingOf([1, 2, 3])),
    "the embedding of input 7 has 3 dimensions where the profile, or the others, have 2: set `profile` to the model that answers, or to `false`.",
  ],
])("what does not fit is told in whole sentences: %s", (_, answer, words) => {
  const message = `The API answered with something that does not fit: ${words} Nothing of it was used.`;
  expect(() => decodeEmbeddings(answer, [7], 2)).toThrow(expect.objectContaining({ message }));
});

test("vectors of two lengths are told without advice on a profile where there is none", () => {
  const data = [
    [1, 2],
    [1, 2, 3],
  ].map((embedding, index) => ({ index, embedding }));
  expect(() => decodeEmbeddings(answerOf({ data }), [7, 8])).toThrow(
    "the embedding of input 8 has 3 dimensions where the profile, or the others, have 2. Nothing of it was used.",
  );
});

test("a request's id stands at the end of its error, and in it", () => {
  const message = expect.stringMatching(/`data` is not an array\. .* \(Request r-1\)$/);
  expect(() => decodeEmbeddings(answerOf({ id: "r-1" }), [7])).toThrow(
    expect.objectContaining({ message, requestId: "r-1" }),
  );
});

test("an `id` that is a name is no index", () => {
  const results = [0.1, 0.2].map((score, at) => ({ id: `document-${at}`, score }));
  expect(decodeRanking(answerOf({ results }), [0, 1]).items).toEqual([0.1, 0.2]);
});

test("an `index` counts where there is an `id`, too", () => {
  const results = [0.1, 0.2].map((score, at) => ({ index: 1 - at, id: at, score }));
  expect(decodeRanking(answerOf({ results }), [0, 1]).items).toEqual([0.2, 0.1]);
});

const vectors = fc.array(
  fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 2 }),
  {
    minLength: 1,
    maxLength: 30,
  },
);

/** The numbers of a vector as the wire carries them, -0 as 0. */
const sent = (vector: number[]) => JSON.parse(JSON.stringify(vector)) as number[];

describe("placing by index", () => {
  it("undoes any shuffle", () => {
    const shuffled = vectors.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray([...given.keys()], { minLength: given.length })),
    );
    fc.assert(
      fc.property(shuffled, ([given, order]) => {
        const data = order.map((index) => ({ index, embedding: given[index] }));
        expect(decodeEmbeddings(answerOf({ data }), [...given.keys()]).items).toEqual(given.map(sent));
        const results = order.map((index) => ({ index, relevance_score: given[index]?.[0] }));
        expect(decodeRanking(answerOf({ results }), [...given.keys()]).items).toEqual(
          given.map(([score]) => sent([score ?? 0])[0]),
        );
      }),
    );
  });

  it("refuses whatever is no permutation of the inputs", () => {
    const odd = fc.oneof(
      fc.integer({ min: -3, max: 8 }),
      fc.double(),
      fc.constant(null),
      fc.constant(undefined),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(odd, { minLength: 1, maxLength: 6 }), (indices) => {
        const isPermutation = indices.every((_, position) => indices.includes(position));
        const isAbsent = indices.every((index) => index === undefined);
        const data = indices.map((index) => ({ index, embedding: [1] }));
        const decode = () => decodeEmbeddings(answerOf({ data }), [...indices.keys()]);
        if (isPermutation || isAbsent) expect(decode().items).toHaveLength(indices.length);
        else expect(decode).toThrow(TogetherResponseError);
      }),
    );
  });

  it("reads base64 bit for bit", () => {
    fc.assert(
      fc.property(vectors, (given) => {
        const data = given.map((vector, index) => {
          const buffer = Buffer.from(Float32Array.from(vector).buffer);
          return { index, embedding: buffer.toString("base64") };
        });
        expect(decodeEmbeddings(answerOf({ data }), [...given.keys()]).items).toEqual(given);
      }),
    );
  });
});
