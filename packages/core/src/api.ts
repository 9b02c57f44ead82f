/** One request -> attempts under the limiter -> one answer. The only owner of retries. */
import { sleep } from "./abort.ts";
import { subjectOf } from "./api-error.ts";
import { TogetherApiError } from "./errors.ts";
import { Limiter, type Permit } from "./limiter.ts";
import type { EmbedOptions, ResolvedClientOptions } from "./options.ts";
import { isRetryable, statedBy, waitBeforeRetry } from "./retry.ts";
import { type ApiAnswer, type ApiRequest, Transport } from "./transport.ts";
import { notify, UsageCounter, type UsageEvent } from "./usage.ts";

export class Api {
  readonly usage: UsageCounter;
  readonly maxConcurrency: number;
  readonly #transport: Transport;
  readonly #limiter: Limiter;
  readonly #options: ResolvedClientOptions;
  /** Models that refused `encoding_format`. */
  readonly #floatOnly = new Set<string>();

  constructor(options: ResolvedClientOptions) {
    this.usage = new UsageCounter(options.onUsage);
    this.maxConcurrency = options.maxConcurrency;
    this.#transport = new Transport(options);
    this.#limiter = new Limiter(options.maxConcurrency, options.maxRetryWaitMs);
    this.#options = options;
  }

  /** @throws the signal's reason, or the last attempt's error once it may not be repeated */
  async send(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
    const tokens = estimateTokens(request);
    for (let attempt = 1; ; attempt++) {
      const permit = await this.#limiter.acquire(tokens, signal, attempt > 1);
      this.usage.countAttempt(request.body.model, attempt > 1);
      try {
        const answer = await this.#transport.send(request, signal);
        permit.succeed(answer.headers);
        return answer;
      } catch (error) {
        this.#endPermit(permit, error);
        if (signal.aborted) throw signal.reason;
        await this.#waitToRepeat(error, attempt, signal);
      }
    }
  }

  /** Base64 is asked for where the caller wants it and the model is not known to refuse the argument. */
  async sendEmbeddings(
    request: ApiRequest,
    encodingFormat: NonNullable<EmbedOptions["encodingFormat"]>,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    const { body } = request;
    const mayFallBack = encodingFormat === "auto";
    if (encodingFormat === "float" || (mayFallBack && this.#floatOnly.has(body.model)))
      return this.send(request, signal);
    try {
      return await this.send({ ...request, body: { ...body, encoding_format: "base64" } }, signal);
    } catch (error) {
      if (!mayFallBack || subjectOf(error) !== "encoding") throw error;
      this.#floatOnly.add(body.model);
      return this.send(request, signal);
    }
  }

  /** Tells the usage counter, and lets the limiter's estimate of tokens learn from the true count. */
  countTokens(kind: UsageEvent["kind"], request: ApiRequest, promptTokens: number | undefined): void {
    if (promptTokens === undefined) return;
    this.usage.countTokens({ kind, model: request.body.model, promptTokens });
    this.#limiter.learnTokens(estimateTokens(request), promptTokens);
  }

  /** A 429 is about the client: everything waits. Any other trouble is the request's own. */
  #endPermit(permit: Permit, error: unknown): void {
    // A wait that is too long to sit out is thrown, and pauses nobody.
    if (!isRateLimit(error) || statedBy(error) > this.#options.maxRetryWaitMs) permit.fail();
    else permit.refuse({ statedMs: error.retryAfterMs, ofTokens: error.type?.includes("token") ?? false });
  }

  async #waitToRepeat(error: unknown, attempt: number, signal: AbortSignal): Promise<void> {
    if (!isRetryable(error)) throw error;
    const waitMs = waitBeforeRetry(error, attempt, this.#options);
    notify(this.#options.onRetry, { attempt, waitMs, error });
    // The client's pause covers the wait that a 429 states, and ends for one request after the other.
    if (!isRateLimit(error) || !error.retryAfterMs) await sleep(waitMs, signal);
  }
}

function isRateLimit(error: unknown): error is TogetherApiError {
  return TogetherApiError.is(error) && error.status === 429;
}

/** About four characters make a token of English; the limiter corrects the figure by what answers tell. */
function estimateTokens({ texts }: ApiRequest): number {
  let characters = 0;
  for (const text of texts) characters += text.length;
  return Math.ceil(characters / 4);
}
