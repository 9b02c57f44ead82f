/** Requests of all calls -> the limiter, the network, and what the answers teach. */
import { sendUntilAnswered } from "./attempts.ts";
import type { Decoded } from "./decode.ts";
import { type Learned, Lessons } from "./learned.ts";
import { Limiter } from "./limiter.ts";
import type { ResolvedClientOptions } from "./options.ts";
import { type ApiAnswer, type ApiRequest, Transport } from "./transport.ts";
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
    const { call, body } = request;
    const answer = await sendUntilAnswered(
      { request, call, model: body.model, tokens: estimatedTokens },
      (isRetry) => {
        this.usage.countAttempt(body.model, isRetry);
        return this.#transport.send(request, signal);
      },
      { limiter: this.#limiter, ...this.#options },
      signal,
    );
    const { items, promptTokens } = decode(answer);
    if (promptTokens !== undefined) {
      const kind = request.path === "/rerank" ? "rerank" : "embed";
      this.usage.countTokens({ kind, model: body.model, promptTokens });
      this.#limiter.learnTokens(body.model, estimatedTokens, promptTokens);
    }
    return items;
  }

  /** What the server taught about a model on a route. */
  learned(path: ApiRequest["path"], model: string): Learned {
    return this.#lessons.of(path, model);
  }
}

/** About four characters make a token of English; the limiter corrects the figure by what answers tell. */
function estimateTokens({ texts }: ApiRequest): number {
  let characters = 0;
  for (const text of texts) characters += text.length;
  return Math.ceil(characters / 4);
}
