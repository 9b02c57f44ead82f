/** Any mixture of faults, any texts, any sizes: every vector and every score is still the right one. */

import {
  type Answer,
  cutBody,
  embeddings,
  honest,
  page,
  ranking,
  refuse,
  reset,
} from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { scoreOf, vectorOf } from "@together-retrieval/test-server/honest";
import type { Request } from "@together-retrieval/test-server/request";
import fc from "fast-check";
import { expect } from "vitest";
import { clientOf, MODEL } from "./client.ts";

const soon = { "retry-after-ms": "1" };

const backwards: Answer = (request, reply) => {
  const answer = isRanking(request)
    ? ranking((body) => ({ ...body, results: body.results.reverse() }))
    : embeddings((body) => ({ ...body, data: body.data.reverse() }));
  return answer(request, reply);
};

/** Accepts only a few requests at once, and refuses the others in one of three ways. */
const tooMany =
  (status: number): Answer =>
  (request, reply) => {
    const isMany = request.inputs.length + request.documents.length > 3;
    return (isMany ? refuse(isRanking(request) ? 413 : status) : honest())(request, reply);
  };

const isRanking = ({ path }: Request) => path.endsWith("/rerank");

const faults: Answer[] = [
  honest(),
  backwards,
  backwards,
  refuse(503, {}, soon),
  refuse(429, {}, soon),
  page(502),
  reset,
  cutBody,
  tooMany(413),
  tooMany(400),
  tooMany(422),
];

it("vectors and scores are right through any mixture of faults", { timeout: 60_000 }, async ({ server }) => {
  const cases = fc.record({
    texts: fc.array(fc.oneof(fc.constantFrom("a", "b", "the same text"), fc.string({ unit: "grapheme" })), {
      maxLength: 40,
    }),
    batchSize: fc.integer({ min: 1, max: 15 }),
    maxConcurrency: fc.integer({ min: 1, max: 6 }),
    script: fc.array(fc.nat(faults.length - 1), { maxLength: 25 }),
    encodingFormat: fc.constantFrom("float" as const, "base64" as const, "auto" as const),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ texts, batchSize, maxConcurrency, script, encodingFormat }) => {
      const answers = script.map((at) => faults[at] ?? honest());
      server.always((request, reply) => (answers.shift() ?? honest())(request, reply));
      const client = clientOf(server, { maxConcurrency, maxRetries: 50 });
      const [vectors, ranked] = await Promise.all([
        client.embed(texts, { model: MODEL, batchSize, encodingFormat }),
        client.rerank("query", texts, { model: MODEL, batchSize }),
      ]);
      expect(vectors).toEqual(texts.map((text) => vectorOf(text)));
      expect(ranked.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...texts.keys()]);
      for (const { index, relevanceScore } of ranked) expect(relevanceScore).toBe(scoreOf(texts[index]));
    }),
    { numRuns: 40, endOnFailure: true },
  );
});
