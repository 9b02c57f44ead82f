/** One request -> one attempt through `together-ai` -> its answer. The only place that touches the network. */
import { Together } from "together-ai";
import { abortable, follow, LONGEST_TIMER_MS } from "./abort.ts";
import { readApiError } from "./api-error.ts";
import { readBody } from "./body.ts";
import { TogetherConnectionError, TogetherError } from "./errors.ts";
import type { ResolvedClientOptions, TogetherLike } from "./options.ts";
import { redact, redactCause, type Secrets } from "./redact.ts";

export interface ApiRequest {
  path: "/embeddings" | "/rerank";
  body: { model: string } & Record<string, unknown>;
  /** The call that it belongs to: calls take turns at the limiter. */
  call: object;
  /** The caller's texts in this request, which no error may quote. */
  texts: readonly string[];
}

export interface ApiAnswer {
  headers: Headers;
  /** Its JSON value, with vectors as `number[]`; `undefined` if it is not JSON. */
  body: unknown;
  /** What an error about this answer must not quote. */
  secrets: Secrets;
}

export class Transport {
  readonly #together: TogetherLike;
  readonly #apiKey: string;
  readonly #timeoutMs: number;

  constructor({ together, apiKey, baseURL, fetch, headers, timeoutMs }: ResolvedClientOptions) {
    this.#together = together ?? new Together({ apiKey, baseURL, fetch, defaultHeaders: headers });
    this.#apiKey = apiKey;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Sends once. The deadline covers everything to the last byte of the body.
   * @throws the signal's reason, or one of TogetherApiError (not 2xx), TogetherConnectionError (network, deadline).
   */
  async send(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
    signal.throwIfAborted();
    // The SDK never removes its listener from the signal it is given, so each attempt gives it a signal of its own.
    const attempt = new AbortController();
    const unfollow = follow(signal, attempt);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      attempt.abort();
    }, this.#timeoutMs);
    try {
      // A `fetch` of the caller's may ignore its signal: the wait ends all the same.
      return await abortable(this.#exchange(request, attempt.signal), attempt.signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (late) throw timeoutError(this.#timeoutMs);
      throw error;
    } finally {
      clearTimeout(timer);
      unfollow();
    }
  }

  async #exchange({ path, body, texts }: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
    const secrets = { apiKey: this.#apiKey, texts };
    // The SDK's own timeout ends with the headers and has a default: kept just behind ours, it never speaks first.
    const timeout = Math.min(this.#timeoutMs + 1_000, LONGEST_TIMER_MS);
    const response = await this.#together
      .post(path, { body, maxRetries: 0, timeout, signal })
      .asResponse()
      .catch((error: unknown) => {
        throw translate(error, secrets);
      });
    try {
      return { headers: response.headers, body: await readBody(response, signal), secrets };
    } catch (error) {
      throw connectionError("The connection broke before the whole answer had come", error, secrets);
    }
  }
}

/** What the SDK threw -> one of our errors. Its classes differ between its ESM and CommonJS copies, its `status` does not. */
function translate(error: unknown, secrets: Secrets): TogetherError {
  if (typeof error === "object" && error !== null && "status" in error) {
    if (typeof error.status === "number") return readApiError(error, error.status, secrets);
    // Its connection errors carry a status that is undefined; their cause is the platform's error.
    return connectionError(
      "No connection to the API",
      (error as { cause?: unknown }).cause ?? error,
      secrets,
    );
  }
  // Thrown before anything was sent, by an injected client's own hooks for example.
  const cause = redactCause(error, secrets);
  const words = error instanceof Error ? redact(error.message, secrets) : "an unknown failure";
  return new TogetherError(`The Together client could not send the request: ${words}`, { cause });
}

function connectionError(what: string, error: unknown, secrets: Secrets): TogetherConnectionError {
  const cause = redactCause(error, secrets);
  const words = innermost(cause);
  return new TogetherConnectionError(
    `${what}${words ? `: ${words}` : ""}. Check the network and \`baseURL\`.`,
    { cause },
  );
}

/** The deepest message says most: "fetch failed" < "connect ECONNREFUSED 127.0.0.1:9". */
function innermost(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  return innermost(cause.cause) || cause.message || (cause as { code?: string }).code || "";
}

function timeoutError(timeoutMs: number): TogetherConnectionError {
  return new TogetherConnectionError(
    `No complete answer within ${timeoutMs} ms. Raise \`timeoutMs\`, or send less at once with a lower \`batchSize\`.`,
    { cause: new DOMException("The attempt took longer than `timeoutMs`", "TimeoutError") },
  );
}
