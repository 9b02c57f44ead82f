/** An error of Postgres, Redis, the file system or the API -> an IngestError that says what to do, if the error is known. */
import { TogetherApiError, TogetherError } from "@together-retrieval/core";
import { IngestError } from "./ingest-error.ts";

interface Coded {
  code?: string;
  message: string;
}

/**
 * @param signal The signal of the call that failed. If it is aborted, its reason is returned, whatever failed because of it
 * @returns an error that a user can act on; an unknown error is returned unchanged
 */
export function explain(error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof IngestError || !(error instanceof Error)) return error;
  if (TogetherError.is(error)) return explainApi(error);
  if (error instanceof TypeError && error.message.startsWith("Expected `apiKey`")) {
    const message = "No API key: set TOGETHER_API_KEY, and TOGETHER_BASE_URL for a server of your own";
    return new IngestError("api", message, { cause: error });
  }
  if (error instanceof TypeError && /^(Expected|Unknown option) `/.test(error.message))
    return new IngestError("usage", error.message, { cause: error });
  const words = explainCode(error);
  return words ? new IngestError("index", words, { cause: error }) : error;
}

function explainApi(error: Error): IngestError {
  const isKey = TogetherApiError.is(error) && error.status === 401;
  const hint = isKey ? " Check TOGETHER_API_KEY and TOGETHER_BASE_URL." : "";
  return new IngestError("api", oneLine(error.message) + hint, { cause: error });
}

/** SQLSTATE codes of PostgreSQL's Appendix A, and Node's error codes. */
function explainCode(error: Error & Coded): string | undefined {
  const said = oneLine(error.message);
  switch (error.code) {
    case "28P01":
    case "28000":
      return `Postgres refused the user or the password: ${said}`;
    case "3D000":
    case "3F000":
      return `${said}: create it, or name another in --to`;
    case "42501":
      return `Postgres does not allow it: ${said}`;
    case "53100":
    case "ENOSPC":
      return `The disk is full: ${said}. What was written before is kept; free some space and run the same command again`;
    case "ECONNREFUSED":
    case "ENOTFOUND":
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "57P03":
      return `No Postgres answers there: ${said || error.code}`;
    default:
      break;
  }
  if (/extension "vector" is not available/.test(said) || /vector\.control/.test(said)) {
    return "This Postgres has no pgvector: install its package (such as postgresql-16-pgvector), or take an image that has it (pgvector/pgvector)";
  }
  if (/No space left on device|ENOSPC|could not (extend|write)/i.test(said)) {
    return `The disk is full: ${said}. What was written before is kept; free some space and run the same command again`;
  }
  return undefined;
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
