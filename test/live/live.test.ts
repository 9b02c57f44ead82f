/**
 * Calls Together's real service with your key and your models. Skipped without them:
 * TOGETHER_API_KEY=… EMBEDDING_MODEL=… RERANK_MODEL=… npx vitest run test/live
 */
import { TogetherClient } from "@together-retrieval/core";
import { describe, expect, test } from "vitest";

const { TOGETHER_API_KEY, EMBEDDING_MODEL = "", RERANK_MODEL = "" } = process.env;

describe("the live service (skipped without TOGETHER_API_KEY and the model's name)", () => {
  const texts = [
    "The blue whale is the largest animal",
    "Bread rises because of yeast",
    "Bread rises because of yeast",
  ];
  const question = "Which animal is the biggest of all?";

  test.skipIf(!TOGETHER_API_KEY || !EMBEDDING_MODEL)(
    "embeds texts, the near one nearest (EMBEDDING_MODEL)",
    async () => {
      const client = new TogetherClient();
      const options = { model: EMBEDDING_MODEL, normalize: true };
      const [whale = [], bread = [], same] = await client.embed(texts, options);
      const [query = []] = await client.embed([question], { ...options, inputType: "query" });
      const cosine = (vector: number[]) =>
        vector.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0);
      expect(cosine(whale)).toBeGreaterThan(cosine(bread));
      expect(same).toEqual(bread);
      expect(client.usage.requests).toBe(2);
    },
  );

  test.skipIf(!TOGETHER_API_KEY || !RERANK_MODEL)(
    "ranks documents, the best first (RERANK_MODEL)",
    async () => {
      const results = await new TogetherClient().rerank(question, texts, { model: RERANK_MODEL });
      expect(results.map(({ index }) => index)).toHaveLength(3);
      expect(results[0]?.document).toBe(texts[0]);
    },
  );
});
