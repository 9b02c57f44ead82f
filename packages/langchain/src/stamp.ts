/** A rejection -> the same error, with the marks that LangChain's own providers put on theirs. */
import { TogetherApiError, TogetherConnectionError, TogetherResponseError } from "@together-retrieval/core";

/** A registered symbol, so that every copy and version of `@langchain/core` reads the same mark; 1.0.0 does not export it. */
const retryable = Symbol.for("langchain.errors.retryable");

/** Waits for the work, and marks the error if it rejects. The reason of an abort stays the caller's own object. */
export async function stampRejection<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw stamp(error);
  }
}

function stamp(error: unknown): unknown {
  if (TogetherApiError.is(error)) {
    const code = langChainCode(error);
    return Object.assign(mark(error, error.retryable), code && { lc_error_code: code });
  }
  if (TogetherConnectionError.is(error)) return mark(error, true);
  if (TogetherResponseError.is(error) || isAbortError(error)) return mark(error, false);
  return error;
}

function isAbortError(error: unknown): error is object {
  return typeof error === "object" && error !== null && "name" in error && error.name === "AbortError";
}

/** The mark is not enumerable, as in LangChain's `stampRetryable`, so logs do not show it. A frozen object gets no mark. */
function mark<Failure extends object>(error: Failure, value: boolean): Failure {
  Reflect.defineProperty(error, retryable, { value, configurable: true });
  return error;
}

function langChainCode({ status, code }: TogetherApiError): string | undefined {
  if (code === "model_not_available") return "MODEL_NOT_FOUND";
  return codeByStatus[status];
}

const codeByStatus: Record<number, string> = {
  401: "MODEL_AUTHENTICATION",
  404: "MODEL_NOT_FOUND",
  429: "MODEL_RATE_LIMIT",
};
