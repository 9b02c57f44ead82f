/** One request -> one attempt through `together-ai` -> its answer. The only place that touches the network. */
import { Together } from "together-ai";
import { abortable, follow, LONGEST_TIMER_MS } from "./abort.ts";
import { readApiError } from "./api-error.ts";
import { readBody } from "./body.ts";
import { TogetherConnectionError, TogetherError } from "./errors.ts";
import type { TogetherLike } from "./options.ts";
import { redact, redactCause, type Secrets } from "./redact.ts";
import { checkedKey, type Key, type ResolvedClientOptions } from "./resolve.ts";

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
  readonly #apiKey: Key;
  readonly #timeoutMs: number;

  constructor({ together, apiKey, baseURL, fetch, headers, timeoutMs }: ResolvedClientOptions) {
    // Where the key is no string, each attempt says what stands in the header.
    const fixedKey = typeof apiKey === "string" ? apiKey : "none";
    this.#together = together ?? new Together({ apiKey: fixedKey, baseURL, fetch, defaultHeaders: headers });
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

  /** `undefined` for a server without keys. @throws TypeError for a key that fits no header; TogetherError when the function fails */
  async #readKey(): Promise<string | undefined> {
    const given = this.#apiKey;
    if (typeof given === "string") return given;
    if (given === false) return undefined;
    try {
      return checkedKey(await given());
    } catch (cause) {
      if (cause instanceof TypeError) throw cause;
      throw new TogetherError(
        "The function `apiKey` failed, so nothing was sent. Its error is the `cause`.",
        { cause },
      );
    }
  }

  /** A header of this attempt, unless the client that sends it has the key already; `null` leaves the header out. */
  #authorize(key: string | undefined) {
    if (typeof this.#apiKey === "string") return {};
    return { headers: { Authorization: key === undefined ? null : `Bearer ${key}` } };
  }

  async #exchange({ path, body, texts }: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
    const key = await this.#readKey();
    const secrets = { apiKey: key ?? "", texts };
    const headers = this.#authorize(key);
    // The SDK's own timeout ends with the headers and has a default: kept just behind ours, it never speaks first.
    const timeout = Math.min(this.#timeoutMs + 1_000, LONGEST_TIMER_MS);
    const response = await this.#together
      .post(path, { body, maxRetries: 0, timeout, signal, ...headers })
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
