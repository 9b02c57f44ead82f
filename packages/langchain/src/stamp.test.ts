import { getRetryable } from "@langchain/core/errors";
import { type Answer, answer, refuse, silence } from "@together-retrieval/test-server/answers";
import { serve } from "@together-retrieval/test-server/by-words";
import { expect, test } from "vitest";
import {
  TogetherApiError,
  TogetherConnectionError,
  TogetherEmbeddings,
  TogetherReranker,
  TogetherResponseError,
} from "./index.ts";

async function failures(behaviour: Answer, timeoutMs?: number): Promise<unknown[]> {
  const { baseURL } = await serve(behaviour);
  const options = { apiKey: "test-key", baseURL, model: "m", maxRetries: 0, timeoutMs };
  return Promise.all(
    [
      new TogetherEmbeddings(options).embedQuery("text"),
      new TogetherEmbeddings(options).embedDocuments(["text"]),
      new TogetherReranker(options).rerank(["text"], "query"),
    ].map((work) => work.catch((error: unknown) => error)),
  );
}

test.each([
  [401, null, "MODEL_AUTHENTICATION", false],
  [404, null, "MODEL_NOT_FOUND", false],
  [400, "model_not_available", "MODEL_NOT_FOUND", false],
  [503, "model_not_available", "MODEL_NOT_FOUND", false],
  [429, null, "MODEL_RATE_LIMIT", true],
  [400, null, undefined, false],
  [403, null, undefined, false],
  [500, null, undefined, true],
])("%s %s carries LangChain's code %s and retryable %s", async (status, code, langChainCode, retryable) => {
  for (const error of await failures(refuse(status, { code }))) {
    expect(error).toBeInstanceOf(TogetherApiError);
    expect((error as { lc_error_code?: string }).lc_error_code).toBe(langChainCode);
    expect(getRetryable(error)).toBe(retryable);
  }
});

test("no answer in time may be tried again; an answer that does not fit may not", async () => {
  for (const error of await failures(silence, 100)) {
    expect(error).toBeInstanceOf(TogetherConnectionError);
    expect(getRetryable(error)).toBe(true);
  }
  for (const error of await failures(answer(200, {}))) {
    expect(error).toBeInstanceOf(TogetherResponseError);
    expect(getRetryable(error)).toBe(false);
  }
});

test("the retryable mark stays out of logs", async () => {
  const [error] = await failures(refuse(429));
  expect(Object.getOwnPropertyDescriptor(error, Symbol.for("langchain.errors.retryable"))?.enumerable).toBe(
    false,
  );
});

test("an AbortError may not be tried again; any reason stays the very one that was given", async () => {
  const server = await serve(silence);
  const options = { apiKey: "test-key", baseURL: server.baseURL, model: "m" };
  const embeddings = new TogetherEmbeddings(options);
  const reranker = new TogetherReranker(options);
  const frozen = Object.freeze(new DOMException("over", "AbortError"));
  let sent = 0;
  for (const [reason, mark] of [
    [undefined, false],
    [frozen, undefined],
    ["a word", undefined],
  ] as const) {
    for (const call of [
      (signal: AbortSignal) => embeddings.embedQuery("text", { signal }),
      (signal: AbortSignal) => embeddings.embedDocuments(["text"], { signal }),
      (signal: AbortSignal) => reranker.rerank(["text"], "query", { signal }),
    ]) {
      const controller = new AbortController();
      const outcome = call(controller.signal).catch((error: unknown) => error);
      sent += 1;
      await server.arrived(sent);
      controller.abort(reason);
      const error = await outcome;
      expect(error).toBe(controller.signal.reason);
      expect(getRetryable(error)).toBe(mark);
    }
  }
});
