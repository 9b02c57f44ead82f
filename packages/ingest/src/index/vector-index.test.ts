/** Which index vectors of a length get, by the version of pgvector. */
import { expect, test } from "vitest";
import { vectorIndexFor } from "./vector-index.ts";

test.each([
  [8, "0.8.0", "vector"],
  [2_000, "0.5.1", "vector"],
  [2_000, "0.4.4", "none"],
  [2_001, "0.8.0", "halfvec"],
  [4_000, "0.7.0", "halfvec"],
  [4_096, "0.8.0", "binary"],
  [4_096, "0.6.2", "none"],
  [2_001, "0.6.2", "none"],
  [4_096, "1.0.0", "binary"],
])("%i dimensions with pgvector %s: %s", (dimensions, version, kind) => {
  expect(vectorIndexFor(dimensions, version).kind).toBe(kind);
});
