/** One request -> attempts under the limiter -> one answer. The only owner of retries. */
import { sleep } from "./abort.ts";
import type { Decoded } from "./decode.ts";
import { TogetherApiError } from "./errors.ts";
import { type Learned, Lessons } from "./learned.ts";
import { Limiter, type Permit } from "./limiter.ts";
import { notify } from "./notify.ts";
import { Observer } from "./observe.ts";
import type { ApiRequest } from "./request.ts";
import type { ResolvedClientOptions } from "./resolve.ts";
import { isRetryable, statedBy, waitBeforeRetry } from "./retry.ts";
import { type ApiAnswer, Transport } from "./transport.ts";
import { UsageCounter } from "./usage.ts";

export class Api {
  readonly usage: UsageCounter;
  readonly maxConcurrency: number;
  readonly #transport: Transport;
  readonly #limiter: Limiter;
  readonly #options: ResolvedClientOptions;
  readonly #lessons = new Lessons();

  constructor(options: ResolvedClientOptions) {
    this.usage = new UsageCounter(options.onUsage);
    this.maxConcurrency = options.maxConcurrency;
    this.#transport = new Transport(options);
    this.#limiter = new Limiter(options.maxConcurrency, options.maxRetryWaitMs);
    this.#options = options;
  }

  /**
   * Sends the request until an answer comes or the last error may not be repeated; counts its tokens.
   * @returns the decoded items of the answer, in request order
   * @throws the signal's reason, the last attempt's error, or what `decode` throws
   */
  async send<Item>(
    request: ApiRequest,
    decode: (answer: ApiAnswer) => Decoded<Item>,
    signal: AbortSignal,
  ): Promise<Item[]> {
    const estimatedTokens = estimateTokens(request);
    const observer = new Observer(request, this.#options.onRequest);
    const answer = await this.#sendUntilAnswered(request, estimatedTokens, observer, signal);
    const { items, promptTokens } = decodeObserved(answer, decode, observer);
    if (promptTokens !== undefined) {
      const kind = request.path === "/rerank" ? "rerank" : "embed";
      this.usage.countTokens({ kind, model: request.body.model, promptTokens });
      this.#limiter.learnTokens(estimatedTokens, promptTokens);
    }
    return items;
  }

  get baseURL(): string {
    return this.#transport.baseURL;
  }

  /** What the server taught about a model on a route. */
  learned(path: ApiRequest["path"], model: string): Learned {
    return this.#lessons.of(path, model);
  }

  async #sendUntilAnswered(
    request: ApiRequest,
    tokens: number,
    observer: Observer,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    for (let attempt = 1; ; attempt++) {
      const permit = await this.#limiter.acquire(tokens, signal, attempt > 1);
      try {
        request.watch?.onSend();
        observer.sent();
        this.usage.countAttempt(request.body.model, attempt > 1);
        const answer = await this.#transport.send(request, signal);
        permit.succeed(answer.headers);
        return answer;
      } catch (error) {
        request.watch?.onFailure(error);
        observer.failed(error);
        this.#endPermit(permit, error);
        if (signal.aborted) throw signal.reason;
        await this.#waitToRepeat(error, attempt, signal);
      }
    }
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

function decodeObserved<Item>(
  answer: ApiAnswer,
  decode: (answer: ApiAnswer) => Decoded<Item>,
  observer: Observer,
): Decoded<Item> {
  try {
    const decoded = decode(answer);
    observer.answered(decoded.promptTokens);
    return decoded;
  } catch (error) {
    observer.answered(undefined, error);
    throw error;
  }
}

/** About four characters make a token of English; the limiter corrects the figure by what answers tell. */
function estimateTokens({ texts }: ApiRequest): number {
  let characters = 0;
  for (const text of texts) characters += text.length;
  return Math.ceil(characters / 4);
}
