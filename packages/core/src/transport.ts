/** One request -> one attempt through `together-ai` -> its answer. The only place that touches the network. */
import { Together } from "#together";
import { abortable, follow, LONGEST_TIMER_MS } from "./abort.ts";
import { readApiError } from "./api-error.ts";
import { readBody } from "./body.ts";
import { noted, TogetherConnectionError, TogetherError } from "./errors.ts";
import { clientOptions, type TogetherLike } from "./options.ts";
import { isError, keysOf, redact, redactCause, type Secrets, secretsIn, secretsInQuery } from "./redact.ts";
import { wrappedStatus } from "./refusal.ts";
import type { ApiRequest, Sent } from "./request.ts";
import { type Key, type ResolvedClientOptions, returnedKey } from "./resolve.ts";
import { isRetryableStatus } from "./retry.ts";
import { written } from "./wire.ts";

export interface ApiAnswer {
  headers: Headers;
  /** Its JSON value; `undefined` if it is not JSON. */
  body: unknown;
  sent: Sent;
}

export class Transport {
  readonly #together: TogetherLike;
  readonly #apiKey: Key;
  /** Of the headers and the query of every request. */
  readonly #secrets: readonly string[];
  readonly #timeoutMs: number;
  readonly baseURL: string;
  readonly #wire: string;
  /**
   * Whether a refused connection may mean that the server restarts: it has answered before, or the caller has set
   * `maxRetries`.
   */
  #mayRestart: boolean;

  constructor(options: ResolvedClientOptions) {
    const { together, apiKey, baseURL, query, fetch, headers, timeoutMs, maxRetries, wire } = options;
    // Without a fixed key, each attempt sets the header itself.
    const fixedKey = typeof apiKey === "string" ? apiKey : "none";
    this.#together =
      together ??
      new Together({
        ...{ apiKey: fixedKey, baseURL, fetch: fetchNow(fetch, query), defaultHeaders: headers },
      });
    this.#apiKey = apiKey;
    this.#wire = wire;
    this.#secrets = [...secretsIn(together ? ownHeaders(together) : headers), ...secretsInQuery(query)];
    this.#timeoutMs = timeoutMs;
    this.#mayRestart = maxRetries !== clientOptions.maxRetries.default;
    this.baseURL = together ? ((together as { baseURL?: string }).baseURL ?? "") : baseURL;
  }

  /**
   * Sends once. The deadline covers everything to the last byte of the body.
   * @throws the signal's reason, or one of TogetherApiError (not 2xx), TogetherConnectionError (network, deadline).
   */
  async send(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
    signal.throwIfAborted();
    // The SDK never removes its listener from the signal that it gets, so each attempt has a signal of its own.
    const attempt = new AbortController();
    const unfollow = follow(signal, attempt);
    const timer = setTimeout(() => attempt.abort(timeoutError(this.#timeoutMs)), this.#timeoutMs);
    try {
      // The caller's `fetch` may ignore its signal. The wait must end anyway.
      return await abortable(this.#exchange(request, attempt.signal), attempt.signal);
    } finally {
      clearTimeout(timer);
      unfollow();
    }
  }

  /** `undefined` for a server without keys. @throws TypeError for none, or one that fits no header; TogetherError when the function fails */
  async #readKey(): Promise<string | undefined> {
    const given = this.#apiKey;
    if (typeof given === "string") return given;
    if (given === false) return undefined;
    let key: unknown;
    try {
      key = await given();
    } catch (cause) {
      throw new TogetherError(
        "The function `apiKey` failed, so nothing was sent. Its error is the `cause`.",
        { cause },
      );
    }
    return returnedKey(key);
  }

  /** The key's header for this attempt, unless the SDK's client has the key already. `null` leaves the header out. */
  #authorize(key: string | undefined) {
    if (typeof this.#apiKey === "string") return {};
    return { headers: { Authorization: key === undefined ? null : `Bearer ${key}` } };
  }

  async #exchange(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
    const { path, texts } = request;
    const { address, body } = written(request, this.#wire, this.baseURL);
    const key = await this.#readKey();
    const secrets = { keys: keysOf(key, this.#secrets), texts };
    const sent = { path, body, secrets, baseURL: this.baseURL, hint: hintFor(this.baseURL) };
    // The SDK's own timeout covers only the headers, and has a default. It is set a little later than ours, so it never fires first.
    const timeout = Math.min(this.#timeoutMs + 1_000, LONGEST_TIMER_MS);
    // Following a redirection could turn the POST into a GET, or send the texts to another server.
    const fetchOptions = { redirect: "manual" } as const;
    const response = await this.#together
      .post(address, { body, maxRetries: 0, timeout, signal, fetchOptions, ...this.#authorize(key) })
      .asResponse()
      .catch((error: unknown) => {
        throw this.#translate(error, sent);
      });
    this.#mayRestart = true;
    // A `fetch` of the caller's may return no headers.
    const { headers = new Headers() } = response;
    const answer = await readBody(response, signal).catch((error: unknown) => {
      throw connectionError("The connection broke before the whole answer had come", error, secrets, true);
    });
    const status = wrappedStatus(answer);
    if (isRetryableStatus(status, null)) throw readApiError({ error: answer, headers }, status, sent);
    return { headers, body: answer, sent };
  }

  /** An error of the SDK -> one of ours. It is told by its `status`, because the SDK's ESM and CommonJS copies have different classes. */
  #translate(error: unknown, sent: Sent): TogetherError {
    const { secrets } = sent;
    if (typeof error === "object" && error !== null && "status" in error) {
      if (typeof error.status === "number") {
        this.#mayRestart = true;
        return readApiError(error, error.status, sent);
      }
      // The SDK's connection errors have the status `undefined`, and the platform's error as their cause.
      const cause = (error as { cause?: unknown }).cause ?? error;
      return connectionError("No connection to the API", cause, secrets, this.#mayRestart);
    }
    // Thrown before anything was sent, for example by a hook of the caller's own `Together` client.
    const cause = redactCause(error, secrets);
    const words = isError(error) ? redact(error.message, secrets) : "an unknown failure";
    return new TogetherError(`The Together client could not send the request: ${words}`, { cause });
  }
}

/** The headers of an official client, which keeps them in a member that its types hide. */
function ownHeaders(together: object): Record<string, unknown> {
  type Own = { _options?: { defaultHeaders?: Record<string, unknown> | Headers } };
  const headers = (together as Own)._options?.defaultHeaders ?? {};
  return Symbol.iterator in headers ? Object.fromEntries(headers as Headers) : { ...headers };
}

/**
 * The caller's `fetch`, or the global one at the time of the request: MSW, for example, replaces it. The query is added here,
 * because the SDK would lose members that have one name.
 */
function fetchNow(given: typeof fetch | undefined, query: string): typeof fetch {
  return async (url, init) => {
    const response = await (given ?? globalThis.fetch)(`${url}${query}`, init);
    // Browsers show only that there was a redirection.
    return response.type === "opaqueredirect" ? new Response(null, { status: 302 }) : response;
  };
}

/** Most servers with this API have their routes below `/v1`. */
function hintFor(baseURL: string): string {
  if (!URL.canParse(baseURL)) return "";
  const { origin, pathname } = new URL(baseURL);
  return /\/v\d/.test(pathname) ? "" : `Did you mean \`${origin}${pathname.replace(/\/$/, "")}/v1\`?`;
}

function connectionError(
  what: string,
  error: unknown,
  secrets: Secrets,
  mayRestart: boolean,
): TogetherConnectionError {
  const cause = redactCause(error, secrets);
  const words = innermost(cause);
  const known = troubles.find(({ pattern }) => pattern.test(words));
  const connection = new TogetherConnectionError(
    `${what}${words && `: ${sentence(words)}`}. ${known?.advice ?? "Check the network and `baseURL`."}`,
    { cause },
  );
  return known && !(known.unlessRestart && mayRestart)
    ? noted(connection, { mostRetries: known.mostRetries })
    : connection;
}

/** What stands between a colon and a full stop: of OpenSSL's line its reason. */
function sentence(words: string): string {
  return words
    .replace(/.*:SSL routines:[^:]*:([^:]+):.*/s, "$1")
    .trim()
    .replace(/\.$/, "");
}

/** Failures that a repetition hardly ever fixes. `unlessRestart`: except on a server that may be restarting. */
const troubles = [
  {
    pattern: /ECONNREFUSED.*(127\.0\.0\.1|::1|localhost)/,
    advice: "No server listens there: start it, or check the port in `baseURL`.",
    mostRetries: 1,
    unlessRestart: true,
  },
  {
    pattern: /wrong.version.number|packet length too long/i,
    advice: "This server speaks http: write `http://` in `baseURL`.",
    mostRetries: 0,
  },
  {
    pattern: /certificate/i,
    advice: "Check the address; for a certificate authority of your own set NODE_EXTRA_CA_CERTS.",
    mostRetries: 0,
  },
  {
    pattern: /Proxy response \(40[137]\)/,
    advice: "The proxy refused: its address may need a user, as in `http://user:password@host:port`.",
    mostRetries: 0,
  },
  {
    pattern: /^bad port$/,
    advice: "Every `fetch` refuses this port: choose another for the server.",
    mostRetries: 0,
  },
] as { pattern: RegExp; advice: string; mostRetries: number; unlessRestart?: boolean }[];

/** The message of the innermost cause says the most: "connect ECONNREFUSED 127.0.0.1:9" rather than "fetch failed". */
function innermost(cause: unknown): string {
  if (!isError(cause)) return "";
  return innermost(cause.cause) || cause.message || (cause as { code?: string }).code || "";
}

function timeoutError(timeoutMs: number): TogetherConnectionError {
  return new TogetherConnectionError(
    `No complete answer within ${timeoutMs} ms. Raise \`timeoutMs\`, or send less at once with a lower \`batchSize\`.`,
    { cause: new DOMException("The attempt took longer than `timeoutMs`", "TimeoutError") },
  );
}
