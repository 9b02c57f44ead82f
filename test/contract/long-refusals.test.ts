/** Refusals of large bodies with long messages cost little processor time. */
import { refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { clientOf, MODEL } from "./client.ts";
import { failureOf } from "./failure.ts";

const words = "the quick brown fox jumps over a lazy dog while engineers measure how long it takes".split(
  " ",
);
const textOf = (length: number, from: number) => {
  let text = "";
  for (let at = from; text.length < length; at = (at * 7 + 3) % 1_009) text += `${words[at % words.length]} `;
  return text.slice(0, length);
};

describe("503s of 600 characters, on bodies of a megabyte", () => {
  it("hold nothing else up, though each is cleaned of the caller's texts", async ({ server }) => {
    const texts = Array.from({ length: 90 }, (_, at) => textOf(10_000, at));
    server.always(refuse(503, { message: textOf(600, 500) }));
    const client = clientOf(server, { maxRetries: 3 });
    // The first call warms up the code.
    await failureOf(client.embed(texts, { model: MODEL }));
    const before = process.cpuUsage();
    const error = await failureOf(client.embed(texts, { model: MODEL }));
    const { user, system } = process.cpuUsage(before);
    expect(error).toMatchObject({ status: 503 });
    expect((error as Error).message).not.toContain(texts[0]?.slice(0, 16));
    // Searching a megabyte for each part of the message would take a second and a half for each of the four.
    expect(user + system).toBeLessThan(3_000_000);
  });
});
