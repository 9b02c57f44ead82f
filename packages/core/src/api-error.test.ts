import { describe, expect, it } from "vitest";
import { readApiError } from "./api-error.ts";

describe("a refusal that is nothing but a status", () => {
  it("is an error that says so, and what to do", () => {
    const error = readApiError({}, 503, {
      ...{ path: "/embeddings", body: { model: "m" }, baseURL: "http://127.0.0.1/v1", hint: "" },
      secrets: { keys: ["a-key-of-the-tests"], texts: [] },
    });
    expect(error).toMatchObject({ status: 503, code: null, requestId: undefined, retryable: true });
    expect(error.message).toMatch(/^The API answered 503: no message\. \S/);
  });
});
