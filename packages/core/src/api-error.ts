/** A refusal as the SDK reports it -> a TogetherApiError that says what happened and what to do. */
import { isRecord } from "./check.ts";
import { TogetherApiError } from "./errors.ts";
import { redact, redactName, type Secrets } from "./redact.ts";
import { isRetryableStatus, statedWaitMs } from "./retry.ts";

export function readApiError(error: object, status: number, secrets: Secrets): TogetherApiError {
  const { error: body, headers, message } = error as { error?: unknown; headers?: Headers; message?: string };
  const detail = readBody(body) ?? { message: readPage(message ?? "", status) };
  // What the refusal means is read from the server's own words: in the error, a caller's text among them is replaced.
  const refusal = {
    status,
    code: text(detail.code),
    param: text(detail.param),
    message: text(detail.message),
  };
  const clean = (value: unknown) => {
    const name = text(value);
    return name === null ? null : redactName(name, secrets);
  };
  const code = clean(detail.code);
  const words = redact(refusal.message ?? "no message", secrets).replace(/[.\s]+$/, "");
  const apiError = new TogetherApiError(
    `The API answered ${status}${code ? ` (${code})` : ""}: ${words}. ${advice(status, refusal.code)}`,
    {
      ...{ status, code, type: clean(detail.type), param: clean(detail.param) },
      requestId: clean(headers?.get("x-request-id") ?? (isRecord(body) ? body.id : undefined)) ?? undefined,
      retryable: isRetryableStatus(status, refusal.code),
      retryAfterMs: headers && statedWaitMs(headers, status),
    },
  );
  subjects.set(apiError, judge(refusal));
  return apiError;
}

/** Whether a refusal is about the argument that asks for base64, may be about one input, or is about the request as a whole. */
export type Subject = "encoding" | "one input" | "request";

const subjects = new WeakMap<TogetherApiError, Subject>();

export function subjectOf(error: TogetherApiError): Subject {
  return subjects.get(error) ?? "request";
}

interface Refusal {
  status: number;
  code: string | null;
  param: string | null;
  message: string | null;
}

/** Codes that concern the request as a whole. */
const sharedCode = /model|endpoint|argument|encoding|key|auth|billing|quota/i;

/** May be about one input: 413, or a 400 or 422 that names nothing the inputs share. */
function judge({ status, code, param, message }: Refusal): Subject {
  if (status === 413) return "one input";
  if (status !== 400 && status !== 422) return "request";
  if (param === "encoding_format" || message?.includes("encoding_format")) return "encoding";
  const namesOther = param !== null && param !== "" && !param.startsWith("input");
  if (namesOther || sharedCode.test(code ?? "")) return "request";
  return /unrecognized request argument/i.test(message ?? "") ? "request" : "one input";
}

function text(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

/** Together's shape is `{ id, error: { message, type, param, code } }`; other servers of the wire leave out the wrapper, or more. */
function readBody(body: unknown): Record<string, unknown> | undefined {
  if (!isRecord(body)) return undefined;
  if (isRecord(body.error)) return body.error;
  const message = [body.error, body.message, body.detail].find((words) => typeof words === "string");
  return { ...body, message: message ?? JSON.stringify(body) };
}

/** Proxies answer with HTML: of a page its title is enough. The SDK puts the status before the words. */
function readPage(message: string, status: number): string {
  const words = message.replace(new RegExp(`^${status}\\s*`), "").trim();
  if (!words.startsWith("<")) return words || "no message";
  const title = /<title[^>]*>([^<]*)/i.exec(words)?.[1]?.trim();
  return title ? `an HTML page, "${title}"` : "an HTML page";
}

function advice(status: number, code: string | null): string {
  if (code === "model_not_available") {
    return "Your account cannot call this model as it is: choose a model that it can reach, start a dedicated endpoint for it, or point `baseURL` to another server of the same wire.";
  }
  if (code === "dedicated_endpoint_not_running")
    return "Start the dedicated endpoint and wait until it runs.";
  if (status >= 500) return "This is the server's trouble: try again later.";
  return adviceByStatus[status] ?? "The request has to change before it can succeed.";
}

const adviceByStatus: Record<number, string> = {
  401: "Check the API key: `apiKey`, or TOGETHER_API_KEY.",
  402: "Check the account's spend limit.",
  403: "Check what the key is allowed to do, and that the input fits the model's context.",
  404: "Check `model` and `baseURL`.",
  408: "Try again later.",
  409: "Try again later.",
  413: "Send shorter texts, or fewer at once with a lower `batchSize`.",
  425: "Try again later.",
  429: "The rate limit outlasted every retry: try again later, lower `maxConcurrency`, or raise `maxRetries`.",
};
