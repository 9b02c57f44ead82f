/** The four error classes. No error ever holds the API key or a caller's text: messages are redacted before they get here. */

import type { Subject } from "./refusal.ts";

// Every copy of this module (ESM, CommonJS, bundled twice) has its own classes, but shares a registered symbol.
const kinds = Symbol.for("together-retrieval.error.kinds");
const notes = Symbol.for("together-retrieval.error.notes");

/** Facts about an error for this library's own use. They appear neither in logs nor in JSON. */
export interface Notes {
  /** What a refusal is about. @default "request" */
  subject?: Subject;
  /** The most repetitions for a failure that hardly passes. @default as many as the options say */
  mostRetries?: number | undefined;
}

export function notesOf(error: unknown): Notes {
  return (error as { [notes]?: Notes } | null | undefined)?.[notes] ?? {};
}

export function noted<Kind extends TogetherError>(error: Kind, value: Notes): Kind {
  return Object.defineProperty(error, notes, { value });
}

/** Whether a refusal is about the argument that asks for base64, may be about one input, or is about the request as a whole. */
export function subjectOf(error: unknown): Subject {
  return notesOf(error).subject ?? "request";
}

function isKind(value: unknown, kind: string): boolean {
  return (value as { [kinds]?: readonly string[] } | null | undefined)?.[kinds]?.includes(kind) ?? false;
}

/** The base class of all errors that come from an answer of the API or from the network. */
export class TogetherError extends Error {
  /** The names of this error's classes, the most general first. `is()` reads them. */
  declare readonly [kinds]: readonly string[];
  /** Like `instanceof`, but also true for errors from another copy of this package, ESM or CommonJS. */
  static is(value: unknown): value is TogetherError {
    return isKind(value, "TogetherError");
  }
}

/** The details of the API's refusal. */
export type ApiErrorDetails = Omit<TogetherApiError, keyof TogetherError>;

/** The API answered with a status that is not 2xx. */
export class TogetherApiError extends TogetherError {
  /** HTTP status. */
  declare readonly status: number;
  /** `error.code` of the body, such as `model_not_available`. */
  declare readonly code: string | null;
  /** `error.type` of the body, such as `invalid_request_error`. */
  declare readonly type: string | null;
  /** `error.param` of the body: the argument that was refused. */
  declare readonly param: string | null;
  /** `x-request-id` of the answer, else the `id` of its body: what Together's support asks for. */
  declare readonly requestId: string | undefined;
  /** Whether the same request may succeed later. */
  declare readonly retryable: boolean;
  /** The wait that the server asked for, in milliseconds, if it asked for one. */
  declare readonly retryAfterMs?: number;
  /** Which of the caller's texts or documents was refused, when that is known. */
  declare readonly inputIndex?: number;
  constructor(message: string, details: ApiErrorDetails) {
    super(message);
    Object.assign(this, details);
  }

  static override is(value: unknown): value is TogetherApiError {
    return isKind(value, "TogetherApiError");
  }
}

/** The same error with another message. */
export function reworded(error: TogetherApiError, message: string, more: { inputIndex?: number } = {}) {
  // The error's own enumerable members are its details.
  return noted(new TogetherApiError(message, { ...error, ...more }), notesOf(error));
}

/** The same refusal with the index of the caller's input that it is about. */
export function pinned(error: TogetherApiError, what: "Text" | "Document", index: number): TogetherApiError {
  return reworded(error, `${what} ${index} was refused. ${error.message}`, { inputIndex: index });
}

/** No usable answer came: refused, reset, cut off, or later than `timeoutMs`. The `cause` says what the network said. */
export class TogetherConnectionError extends TogetherError {
  static override is(value: unknown): value is TogetherConnectionError {
    return isKind(value, "TogetherConnectionError");
  }
}

/** A complete 2xx answer that does not fit the request. None of its vectors or scores is used. */
export class TogetherResponseError extends TogetherError {
  /** `x-request-id` of the answer, else the `id` of its body. */
  readonly requestId: string | undefined;
  constructor(message: string, requestId?: string | undefined) {
    super(message);
    this.requestId = requestId;
  }

  static override is(value: unknown): value is TogetherResponseError {
    return isKind(value, "TogetherResponseError");
  }
}

/** The name is a string and not `constructor.name`, because minifiers rename classes. */
for (const [errorClass, name] of [
  [TogetherError, "TogetherError"],
  [TogetherApiError, "TogetherApiError"],
  [TogetherConnectionError, "TogetherConnectionError"],
  [TogetherResponseError, "TogetherResponseError"],
] as const) {
  Object.defineProperties(errorClass.prototype, {
    name: { value: name, writable: true, configurable: true },
    [kinds]: { value: ["TogetherError", name] },
  });
}
