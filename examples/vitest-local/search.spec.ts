/** A retrieval test with meaningful vectors that needs no key and no network, and costs nothing. */
import Together from "together-ai";
import { beforeEach, expect, inject, test } from "vitest";
import { search } from "./search.ts";

const baseURL = inject("togetherURL");
const together = new Together({ apiKey: "any", baseURL });
const documents = [
  "Invoices are due within thirty days.",
  "The office is closed on public holidays.",
  "Parcels are shipped from Rotterdam every morning.",
  "Passwords must have at least twelve characters.",
];

async function misbehave(faults: object) {
  const response = await fetch(new URL("/_faults", baseURL), {
    method: "POST",
    body: JSON.stringify(faults),
  });
  if (!response.ok) throw new Error(await response.text());
}
beforeEach(() => misbehave({}));

test("finds the document that answers, though it shares no word with the question", async () => {
  expect(await search(together, "When do I have to pay?", documents)).toBe(documents[0]);
  expect(await search(together, "Where do you send packages from?", documents)).toBe(documents[2]);
});

test("survives a rate limit and vectors in another order", async () => {
  await misbehave({
    rateLimit: { requests: 1, windowMs: 500, retryAfter: true },
    rules: [{ fault: "shuffled", route: "embeddings" }],
  });
  expect(await search(together, "When do I have to pay?", documents)).toBe(documents[0]);
});
