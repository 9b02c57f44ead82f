/** The door: options are resolved here, and one limiter serves all three calls. */
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

/** Node's name for the method that its console asks. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * Embeds texts and ranks documents with Together AI, or any server of the same wire. All calls of one client share its
 * limiter and count in its usage: make one per API key.
 * @example
 * const client = new TogetherClient(); // the key comes from TOGETHER_API_KEY
 * const vectors = await client.embed(["one text", "another"], { model: "YOUR-EMBEDDING-MODEL" });
 * const ranked = await client.rerank("a question", ["one text", "another"], { model: "YOUR-RERANK-MODEL", topN: 1 });
 */
export class TogetherClient {
  readonly #api: Api;

  /** @throws TypeError naming the option that does not fit; an API key must be given or stand in the environment. */
  constructor(options: TogetherClientOptions = {}) {
    this.#api = new Api(resolveClientOptions(options));
  }

  /** Where its requests go. */
  get baseURL(): string {
    return this.#api.baseURL;
  }

  /** What Node prints: never the key. */
  [inspect](): string {
    return `TogetherClient { baseURL: "${this.baseURL}" }`;
  }

  /** What this client has used so far: a copy. */
  get usage(): Usage {
    return this.#api.usage.total();
  }

  /**
   * The name under which the server first answered for this embedding model: what to keep with an index of its vectors.
   * @returns `undefined` before the first answer, where answers name no model, and with `modelDrift: "ignore"`
   */
  answeredBy(model: string): string | undefined {
    return this.#api.learned("/embeddings", model).answeredBy;
  }

  /**
   * Embeds texts in batches, equal texts once.
   * @returns `number[][]`, one row per text, in input order
   * @throws TypeError for input that does not fit; TogetherApiError, TogetherConnectionError, TogetherResponseError; the
   * signal's reason
   */
  async embed(texts: readonly string[], options: EmbedOptions): Promise<number[][]> {
    return embed(this.#api, texts, resolveEmbedOptions(options));
  }

  /**
   * Embeds what a source gives, in its order and in bounded memory: at most `2 * maxConcurrency * batchSize` items are
   * read ahead of the loop that consumes them. The source is closed when the loop ends, however it ends.
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
