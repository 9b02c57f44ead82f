/** A refusal as the SDK reports it -> a TogetherApiError that says what happened and what to do. */
import { noted, TogetherApiError } from "./errors.ts";
import { keepHeaders } from "./limit-headers.ts";
import { redact, redactBoth, redactName } from "./redact.ts";
import { isOfWrongKind, readRefusal, type Subject, subjectOfRefusal } from "./refusal.ts";
import type { Sent } from "./request.ts";
import { isRetryableStatus, statedWaitMs } from "./retry.ts";

/** `refused`: the SDK's error, or a body with its headers in the same shape. */
export function readApiError(refused: object, status: number, sent: Sent): TogetherApiError {
  const {
    error: body,
    headers,
    message = "",
  } = refused as {
    error?: unknown;
    headers?: Headers;
    message?: string;
  };
  const { secrets } = sent;
  const page = readPage(message, status);
  const refusal = readRefusal(body, status);
  const clean = (name: string | null) => (name === null ? null : redactName(name, secrets));
  const [code, type, param] = [clean(refusal.code), clean(refusal.type), clean(refusal.param)];
  const words = refusal.words ?? (refusal.code || refusal.type ? "" : body ? unfamiliar(body) : page.words);
  const { meant, shown } = redactBoth(words, secrets);
  const isBroken = body === undefined && isCut(page.words, headers);
  const about =
    page.isHTML || isBroken
      ? subjectOfPage(status)
      : subjectOfRefusal({ ...refusal, words: meant }, status, sent.body);
  const target = status >= 300 && status < 400 ? redirection(headers, sent) : undefined;
  const told = target ?? (shown || "no message").replace(/[.\s]+$/, "");
  const wait = headers && statedWaitMs(headers, status);
  const next = advice(status, refusal.code, page.isHTML, sent);
  const error = new TogetherApiError(
    `The API answered ${status}${code ? ` (${code})` : ""}: ${told}. ${next}`,
    {
      ...{ status, code, type, param },
      requestId: clean(requestIdOf(headers) ?? refusal.id) ?? undefined,
      // An input that is too large, or an unknown argument, fails again whatever the status is.
      retryable:
        (isRetryableStatus(status, refusal.code, refusal.type) || (isBroken && MAY_BLAME.includes(status))) &&
        about === "request" &&
        !isOfWrongKind(words),
      ...(wait && { retryAfterMs: wait }),
    },
  );
  return keepHeaders(noted(error, { subject: about }), headers);
}

/** The headers in which servers and gateways put a request's id, the API's own first. */
const ID_HEADERS = ["x-request-id", "request-id", "x-litellm-call-id", "cf-ray"];

export function requestIdOf(headers: Headers | undefined): string | null {
  for (const name of ID_HEADERS) {
    const id = headers?.get(name);
    if (id) return id;
  }
  return null;
}

/** A body without a known message, as JSON, without the inputs that it may repeat. */
function unfamiliar(body: unknown): string {
  return JSON.stringify(body, (name, value: unknown) => (name === "input" ? undefined : value));
}

/** Proxies answer with HTML: of a page its title is enough. The SDK puts the status before the words, and has some for no body. */
function readPage(message: string, status: number): { words: string; isHTML: boolean } {
  const words = message.replace(new RegExp(`^${status}\\s*(status code \\(no body\\))?`), "").trim();
  if (!words.startsWith("<")) return { words, isHTML: false };
  const title = /<title[^>]*>([^<]*)/i.exec(words)?.[1]?.trim();
  return { words: title ? `an HTML page, "${title}"` : "an HTML page", isHTML: true };
}

/** With these, the words tell which text is at fault. */
const MAY_BLAME = [400, 422];

/** Whether the words are what came of a refusal before the connection broke. The SDK then has the platform's words in their place. */
function isCut(words: string, headers: Headers | undefined): boolean {
  const length = headers?.get("content-length");
  const isWhole = length && Number(length) === new TextEncoder().encode(words).length;
  return words !== "" && !isWhole && /\bjson\b/i.test(headers?.get("content-type") ?? "");
}

/** An HTML page comes from a proxy in front of the API, which knows only the size of a body, not the inputs. */
function subjectOfPage(status: number): Subject {
  return status === 413 ? "one input" : "request";
}

/** The target of a redirection, written as a `baseURL`. Its query and its credentials may be secrets and are left out. */
function redirection(headers: Headers | undefined, { path, secrets, baseURL }: Sent): string {
  const location = headers?.get("location");
  // A relative target is an address on the same host.
  if (!location || !URL.canParse(location, baseURL + path)) return "a redirection to another address";
  const { origin, pathname } = new URL(location, baseURL + path);
  const target = pathname.endsWith(path) ? pathname.slice(0, -path.length) : pathname;
  return `the request was redirected to ${redact(origin + target, secrets)}`;
}

function advice(status: number, code: string | null, isPage: boolean, { hint }: Sent): string {
  const known = adviceBy.get(code) ?? adviceBy.get(status);
  const next = known ?? (status < 400 ? MOVED : status < 500 ? CHANGE : LATER);
  return hint && (status === 404 || status === 405 || (isPage && status < 500)) ? `${next} ${hint}` : next;
}

const LATER = "This is the server's trouble: try again later.";
const CHANGE = "The request has to change before it can succeed.";
const MOVED = "Set `baseURL` to the address that answers by itself.";

/** What to do next, by the error's code or else by its status. */
const adviceBy = new Map<string | number | null, string>([
  [
    "model_not_available",
    "Choose a model that your account can call, start a dedicated endpoint for it, or set `baseURL` to another server.",
  ],
  ["dedicated_endpoint_not_running", "Start the dedicated endpoint and wait until it runs."],
  [401, "Check the API key: `apiKey`, or TOGETHER_API_KEY."],
  [402, "Check the account's spend limit."],
  [403, "Check what the key is allowed to do, and that the input fits the model's context."],
  [404, "Check `model` and `baseURL`."],
  [405, "This address takes no such request: check that `baseURL` is the API's, not a website's."],
  [408, LATER],
  [409, LATER],
  [413, "Send shorter texts, or fewer at once with a lower `batchSize`."],
  [425, LATER],
  [429, "Wait for the rate limit, lower `maxConcurrency`, or raise `maxRetries`."],
]);
