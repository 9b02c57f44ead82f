/** The client: resolves options, and shares one limiter among all calls. */
import { Api } from "./api.ts";
import { embed } from "./embed.ts";
import type { EmbedOptions, EmbedStreamOptions, RerankOptions, TogetherClientOptions } from "./options.ts";
import { type RerankDocument, type RerankResult, rerank } from "./rerank.ts";
import {
  resolveClientOptions,
  resolveEmbedOptions,
  resolveRerankOptions,
  resolveStreamOptions,
} from "./resolve.ts";
import { checkSource } from "./source.ts";
import { type EmbeddedItem, embedStream, type RefusedItem } from "./stream.ts";
import type { Usage } from "./usage.ts";

/** Node's `console.log` calls the method with this name. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * Embeds texts and ranks documents with Together AI, or any server with the same API. All calls of a client share its
 * limiter and its usage counts: make one client per API key.
 * @example
 * const client = new TogetherClient(); // the key comes from TOGETHER_API_KEY
 * const vectors = await client.embed(["one text", "another"], { model: "YOUR-EMBEDDING-MODEL" });
 * const ranked = await client.rerank("a question", ["one text", "another"], { model: "YOUR-RERANK-MODEL", topN: 1 });
 */
export class TogetherClient {
  readonly #api: Api;

  /** @throws TypeError naming the option that does not fit, or the missing API key */
  constructor(options: TogetherClientOptions = {}) {
    this.#api = new Api(resolveClientOptions(options));
  }

  /** The address to which the client sends requests. */
  get baseURL(): string {
    return this.#api.baseURL;
  }

  /** What `console.log` shows. It never contains the key. */
  [inspect](): string {
    return `TogetherClient { baseURL: "${this.baseURL}" }`;
  }

  /** What this client has used so far, as a copy. */
  get usage(): Usage {
    return this.#api.usage.total();
  }

  /**
   * The name of the model in the server's first answer for this embedding model. Store it with an index of its vectors.
   * @returns `undefined` before the first answer, if answers name no model, and with `modelDrift: "ignore"`
   */
  answeredBy(model: string): string | undefined {
    return this.#api.learned("/embeddings", model).answeredBy;
  }

  /**
   * Embeds texts in batches. Equal texts are sent once.
   * @returns `number[][]`, one row per text, in input order
   * @throws TypeError for input that does not fit; TogetherApiError, TogetherConnectionError, TogetherResponseError; the
   * signal's reason
   */
  async embed(texts: readonly string[], options: EmbedOptions): Promise<number[][]> {
    return embed(this.#api, texts, resolveEmbedOptions(options));
  }

  /**
   * Embeds the items of a source, in their order and in bounded memory: at most `2 * maxConcurrency * batchSize` items are
   * read ahead of the loop that consumes them. The source is closed when the loop ends, for whatever reason.
   * @throws what `embed` throws; `inputIndex` counts from the source's start
   */
  embedStream<Item>(
    source: Iterable<Item> | AsyncIterable<Item>,
    options: EmbedStreamOptions<Item> & { onError?: "throw" | undefined },
  ): AsyncGenerator<EmbeddedItem<Item>, void, undefined>;
  embedStream<Item>(
    source: Iterable<Item> | AsyncIterable<Item>,
    options: EmbedStreamOptions<Item>,
  ): AsyncGenerator<EmbeddedItem<Item> | RefusedItem<Item>, void, undefined>;
  embedStream<Item>(source: Iterable<Item> | AsyncIterable<Item>, options: EmbedStreamOptions<Item>) {
    return embedStream(this.#api, checkSource(source), resolveStreamOptions(options));
  }

  /**
   * Scores documents by relevance to the query.
   * @returns best first, ties in input order; `document` is the caller's own
   * @throws TypeError for input that does not fit; TogetherApiError, TogetherConnectionError, TogetherResponseError; the
   * signal's reason
   */
  async rerank<Document extends RerankDocument>(
    query: string,
    documents: readonly Document[],
    options: RerankOptions,
  ): Promise<RerankResult<Document>[]> {
    return rerank(this.#api, query, documents, resolveRerankOptions(options));
  }
}
