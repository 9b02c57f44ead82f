/** The public names, all of them. */
import { expect, it } from "vitest";
import * as root from "./index.ts";
import * as reranker from "./reranker.ts";

const shared = ["TogetherApiError", "TogetherClient", "TogetherConnectionError", "TogetherError"];

it("the root has both parts, the client and the four errors", () => {
  const names = [...shared, "TogetherEmbeddings", "TogetherReranker", "TogetherResponseError"].sort();
  expect(Object.keys(root).sort()).toEqual(names);
});

it("the reranker's own door has the same, but for the embeddings", () => {
  expect(Object.keys(reranker).sort()).toEqual([...shared, "TogetherReranker", "TogetherResponseError"]);
  expect(root).toMatchObject(reranker);
});
