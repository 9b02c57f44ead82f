/** A request -> its decoded answer, by way of the limiter and the network. Counts usage, and remembers what answers teach. */
import { sendUntilAnswered } from "./attempts.ts";
import type { Decoded } from "./decode.ts";
import { subjectOf } from "./errors.ts";
import { type Learned, Lessons } from "./learned.ts";
import { Limiter } from "./limiter.ts";
import { Observer } from "./observe.ts";
import type { ApiRequest } from "./request.ts";
import type { ResolvedClientOptions } from "./resolve.ts";
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
    this.#limiter = new Limiter(options);
    this.#options = options;
  }

  /**
   * Sends the request, repeats it while its errors allow that, and counts its tokens. Where an optional member
   * is refused it is sent again without.
   * @returns the decoded items of the answer, in request order
   * @throws the signal's reason, the last attempt's error, or what `decode` throws
   */
  async send<Item>(
    request: ApiRequest,
    decode: (answer: ApiAnswer) => Decoded<Item>,
    signal: AbortSignal,
  ): Promise<Item[]> {
    try {
      return await this.#sendAsKnown(request, decode, signal);
    } catch (error) {
      if (!isOfOptional(error, request)) throw error;
      return this.#sendAsKnown(request, decode, signal);
    }
  }

  async #sendAsKnown<Item>(
    request: ApiRequest,
    decode: (answer: ApiAnswer) => Decoded<Item>,
    signal: AbortSignal,
  ): Promise<Item[]> {
    const estimatedTokens = estimateTokens(request);
    const { call, body } = request;
    const observer = new Observer(request, this.#options.onRequest);
    const answer = await sendUntilAnswered(
      { request, call, model: body.model, tokens: estimatedTokens },
      (isRetry) => this.#attempt(request, isRetry, observer, signal),
      { limiter: this.#limiter, ...this.#options },
      signal,
    );
    const { items, promptTokens } = decodeObserved(answer, decode, observer);
    if (promptTokens !== undefined) {
      const kind = request.path === "/rerank" ? "rerank" : "embed";
      this.usage.countTokens({ kind, model: body.model, promptTokens });
      this.#limiter.learnTokens(body.model, estimatedTokens, promptTokens);
    }
    return items;
  }

  get baseURL(): string {
    return this.#transport.baseURL;
  }

  /** What the client has learned about a model on a route. */
  learned(path: ApiRequest["path"], model: string): Learned {
    return this.#lessons.of(path, model);
  }

  #refusedFor({ path, body }: ApiRequest): Set<string> {
    return this.learned(path, body.model).refusedMembers;
  }

  /** With the optional members that the server is not known to refuse. */
  #withOptional(request: ApiRequest): ApiRequest {
    const refused = this.#refusedFor(request);
    const asked = Object.entries(request.optional ?? {}).filter(([name]) => !refused.has(name));
    return { ...request, body: { ...request.body, ...Object.fromEntries(asked) } };
  }

  async #attempt(
    request: ApiRequest,
    isRetry: boolean,
    observer: Observer,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    try {
      request.watch?.onSend();
      observer.sent();
      this.usage.countAttempt(request.body.model, isRetry);
      return await this.#transport.send(this.#withOptional(request), signal);
    } catch (error) {
      // At once: requests that wait for their turn leave the member out.
      if (isOfOptional(error, request)) this.#refusedFor(request).add(subjectOf(error));
      request.watch?.onFailure(error);
      observer.failed(error);
      throw error;
    }
  }
}

/** Whether an error is the refusal of a member that may be left out. */
function isOfOptional(error: unknown, { optional = {} }: ApiRequest): boolean {
  return Object.hasOwn(optional, subjectOf(error));
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

/** An English token has about four characters. The limiter corrects the estimate by the tokens that answers report. */
function estimateTokens({ texts }: ApiRequest): number {
  let characters = 0;
  for (const text of texts) characters += text.length;
  return Math.ceil(characters / 4);
}
