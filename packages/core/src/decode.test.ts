import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeEmbeddings, decodeRanking } from "./decode.ts";
import { TogetherResponseError } from "./errors.ts";

function answerOf(body: unknown) {
  const secrets = { keys: ["a-key-of-the-tests"], texts: [] };
  const sent = { path: "/embeddings" as const, body: { model: "m" }, secrets, hint: "" };
  return { headers: new Headers(), body: JSON.parse(JSON.stringify(body)), sent };
}

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
