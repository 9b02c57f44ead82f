/** The packages stay small: each bundled, minified and gzipped, without its dependencies and hosts. */
import { expect, test } from "vitest";
import { weigh, weighed } from "./weigh.ts";

test.each(weighed)("$entry weighs at most $limit bytes", async ({ entry, limit }) => {
  const bytes = await weigh(entry);
  expect(bytes).toBeGreaterThan(500);
  expect(bytes).toBeLessThanOrEqual(limit);
});
