/** The attempts of one request -> one event each, for the option `onRequest`. */
import { TogetherApiError } from "./errors.ts";
import { notify } from "./notify.ts";
import type { ApiRequest } from "./request.ts";

/** One attempt, once it has ended. It holds no text and no key. */
export interface RequestEvent {
  kind: "embed" | "rerank";
  model: string;
  /** 1 for the first attempt of a request. */
  attempt: number;
  /** Texts, or documents, in the request. */
  texts: number;
  /** Prompt tokens, if the answer reports them. */
  tokens?: number;
  /** Milliseconds that the request waited before this attempt: for its turn, for a rate limit, or after a failure. */
  waitMs: number;
  /** When it was sent, in milliseconds since 1970. */
  start: number;
  /** When its last byte arrived or it failed, in milliseconds since 1970. */
  end: number;
  /** The HTTP status; absent when no answer came. */
  status?: number;
  /** The error's name, such as `TogetherApiError`; absent after a good answer. */
  error?: string;
}

export class Observer {
  readonly #onRequest: ((event: RequestEvent) => void) | undefined;
  readonly #request: ApiRequest;
  #attempt = 0;
  #waitsSince = performance.now();
  #waitMs = 0;
  /** When the attempt in flight was sent; `undefined` while none is. */
  #start: number | undefined;

  constructor(request: ApiRequest, onRequest: ((event: RequestEvent) => void) | undefined) {
    this.#request = request;
    this.#onRequest = onRequest;
  }

  sent(): void {
    this.#attempt++;
    this.#waitMs = performance.now() - this.#waitsSince;
    this.#start = Date.now();
  }

  answered(tokens: number | undefined, error?: unknown): void {
    this.#tell({ status: 200, ...(tokens !== undefined && { tokens }), ...nameOf(error) });
  }

  /** An attempt that was never sent gives no event. */
  failed(error: unknown): void {
    this.#waitsSince = performance.now();
    this.#tell({ ...(TogetherApiError.is(error) && { status: error.status }), ...nameOf(error) });
  }

  #tell(outcome: Pick<RequestEvent, "tokens" | "status" | "error">): void {
    const start = this.#start;
    if (start === undefined) return;
    this.#start = undefined;
    const { path, body, texts } = this.#request;
    const kind = path === "/rerank" ? "rerank" : "embed";
    const documents = Array.isArray(body.documents) ? body.documents.length : texts.length;
    notify(this.#onRequest, {
      ...{ kind, model: body.model, attempt: this.#attempt, texts: documents },
      ...{ waitMs: this.#waitMs, start, end: Date.now(), ...outcome },
    });
  }
}

function nameOf(error: unknown): { error?: string } {
  if (error === undefined) return {};
  return { error: (error as { name?: string } | null)?.name ?? "Error" };
}
