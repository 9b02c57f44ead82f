import { expect, test } from "vitest";
import { refuseDrift } from "./drift.ts";
import { Learned } from "./learned.ts";

const sent = {
  ...{ path: "/embeddings" as const, body: { model: "m" }, baseURL: "http://h/v1", hint: "" },
  secrets: { keys: [], texts: [] },
};

test.each([
  [{ "x-request-id": "r-1" }, "r-1"],
  [{}, undefined],
])("the error of a change has the id of the request, if there is one: %j", (headers, requestId) => {
  const learned = new Learned();
  const answeredBy = (model: string) =>
    refuseDrift({ body: { model }, headers: new Headers(headers), sent }, learned);
  answeredBy("old-model");
  expect(() => answeredBy("its-successor")).toThrow(expect.objectContaining({ requestId }));
});
