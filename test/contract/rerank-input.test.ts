/** What is refused before a ranking is asked for, and documents that are objects. */
import { refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { expect } from "vitest";
import { clientOf, MODEL as model } from "./client.ts";

const circular: Record<string, unknown> = {};
circular.itself = circular;

it.for<[string, unknown, unknown, string]>([
  ["documents", "q", "a", "Expected `documents` to be an array, got a string"],
  ["query", 7, ["a"], "Expected `query` to be a non-empty string, got a number"],
  ["query", " ", ["a"], "Expected `query` to be a non-empty string, got a blank one"],
  [
    "document",
    "q",
    [{}, circular],
    "Expected `documents[1]` to be an object that JSON can hold, got one that it cannot",
  ],
])("a %s that does not fit is named", async ([, query, documents, message], { server }) => {
  const ranking = clientOf(server).rerank(query as string, documents as string[], { model });
  await expect(ranking).rejects.toThrow(new TypeError(message));
  expect(server.requests).toEqual([]);
});

it("nothing is asked about no documents, whatever the query is", async ({ server }) => {
  expect(await clientOf(server).rerank(" ", [], { model })).toEqual([]);
  expect(server.requests).toEqual([]);
});

it("documents may hold null and numbers, and no string in them is quoted by an error", async ({ server }) => {
  const secret = "a sentence at any depth of a document";
  server.always(refuse(400, { message: `odd: ${secret}` }));
  const document = { empty: null, missing: undefined, number: 5, list: [{ secret }] };
  const error = await clientOf(server)
    .rerank("q", [document], { model })
    .catch((reason: unknown) => reason);
  expect((error as Error).message).toContain("odd: [text]");
});
