/** The local server knows the dimensions of every model that the client knows. */
import { expect, test } from "vitest";
import { profiles } from "../../packages/core/src/profiles.ts";
import { knownLengths } from "../../packages/local/src/known-models.ts";

test("an id of the profile table has the same length on the local server", () => {
  const lengths = Object.entries(profiles).flatMap(([id, { dimensions }]) =>
    dimensions ? [[id, dimensions]] : [],
  );
  expect(Object.fromEntries(knownLengths)).toEqual(Object.fromEntries(lengths));
});
