/** A refusal as the SDK reports it -> a TogetherApiError that says what happened and what to do. */
import { isRecord } from "./check.ts";
import { TogetherApiError } from "./errors.ts";
import { keepHeaders } from "./limit-headers.ts";
import { redact, redactName, type Secrets } from "./redact.ts";
import { isRetryableStatus, statedWaitMs } from "./retry.ts";

export function readApiError(error: object, status: number, secrets: Secrets): TogetherApiError {
  const { error: body, headers, message } = error as { error?: unknown; headers?: Headers; message?: string };
  const detail = readBody(body) ?? { message: readPage(message ?? "", status) };
  // What the refusal means is read from the server's own words: in the error, a caller's text among them is replaced.
  const [code, param, words] = [detail.code, detail.param, detail.message].map(text) as [Text, Text, Text];
  const clean = (name: Text) => (name === null ? null : redactName(name, secrets));
  const told = redact(words ?? "no message", secrets).replace(/[.\s]+$/, "");
  const wait = headers && statedWaitMs(headers, status);
  const apiError = new TogetherApiError(
    `The API answered ${status}${code ? ` (${clean(code)})` : ""}: ${told}. ${advice(status, code)}`,
    {
      ...{ status, code: clean(code), type: clean(text(detail.type)), param: clean(param) },
      requestId: clean(text(headers?.get("x-request-id") ?? (isRecord(body) ? body.id : null))) ?? undefined,
      retryable: isRetryableStatus(status, code),
      ...(wait && { retryAfterMs: wait }),
    },
  );
  if (headers) keepHeaders(apiError, headers);
  subjects.set(apiError, judge(status, code, param, words ?? ""));
  return apiError;
}

/** Whether a refusal is about the argument that asks for base64, may be about one input, or is about the request as a whole. */
export type Subject = "encoding" | "one input" | "request";

const subjects = new WeakMap<object, Subject>();

export function subjectOf(error: unknown): Subject {
  return subjects.get(error as object) ?? "request";
}

/** Codes that concern the request as a whole. */
const sharedCode = /model|endpoint|argument|encoding|key|auth|billing|quota/i;

/** May be about one input: 413, or a 400 or 422 that names nothing the inputs share. */
function judge(status: number, code: Text, param: Text, message: string): Subject {
  if (status === 413) return "one input";
  if (status !== 400 && status !== 422) return "request";
  if (param === "encoding_format" || message.includes("encoding_format")) return "encoding";
  const namesOther = param !== null && param !== "" && !param.startsWith("input");
  const isShared =
    namesOther || sharedCode.test(code ?? "") || /unrecognized request argument/i.test(message);
  return isShared ? "request" : "one input";
}

type Text = string | null;

function text(value: unknown): Text {
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

function advice(status: number, code: Text): string {
  return adviceBy.get(code) ?? adviceBy.get(status) ?? (status < 500 ? CHANGE : LATER);
}

const LATER = "This is the server's trouble: try again later.";
const CHANGE = "The request has to change before it can succeed.";

/** By code, else by status. */
const adviceBy = new Map<Text | number, string>([
  [
    "model_not_available",
    "Choose a model that your account can call, start a dedicated endpoint for it, or set `baseURL` to another server.",
  ],
  ["dedicated_endpoint_not_running", "Start the dedicated endpoint and wait until it runs."],
  [401, "Check the API key: `apiKey`, or TOGETHER_API_KEY."],
  [402, "Check the account's spend limit."],
  [403, "Check what the key is allowed to do, and that the input fits the model's context."],
  [404, "Check `model` and `baseURL`."],
  [408, LATER],
  [409, LATER],
  [413, "Send shorter texts, or fewer at once with a lower `batchSize`."],
  [425, LATER],
  [429, "Wait for the rate limit, lower `maxConcurrency`, or raise `maxRetries`."],
]);
