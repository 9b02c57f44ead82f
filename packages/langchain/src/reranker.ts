/** LangChain documents and a query -> one call of the core -> new documents, best first, with their scores. */
import type { Callbacks } from "@langchain/core/callbacks/manager";
import type { DocumentInterface } from "@langchain/core/documents";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import type { RerankDocument, RerankOptions, RerankResult, TogetherClient } from "@together-retrieval/core";
import {
  type AdapterClientOptions,
  check,
  type RerankDefaults,
  splitRerankOptions,
} from "@together-retrieval/core/adapter";
import { checkCallbacks, inspect, readCall } from "./call.ts";
import { checkDocuments, toRankable, withScore } from "./documents.ts";
import { aliases, serialize } from "./serialize.ts";
import { stampRejection } from "./stamp.ts";
import { traced } from "./trace.ts";

/** The client's options or a ready `client`, and the options of every call. Only `model` is required. */
export interface TogetherRerankerOptions extends AdapterClientOptions, RerankDefaults {
  /** The metadata key under which a result has its score. @default "relevanceScore" */
  scoreKey?: string | undefined;
}

/** Options of a single call. Its `topN` overrides the reranker's. */
export type RerankCallOptions = Pick<RerankOptions, "topN" | "signal">;

/** Defaults of the options that only this adapter has. */
export const rerankerDefaults = { scoreKey: "relevanceScore" } as const;

/**
 * Reranks documents with Together AI or any server with the same API, wherever LangChain.js takes a document compressor.
 *
 * The core does batches, retries, rate limits and checks.
 * @example
 * const reranker = new TogetherReranker({ model: "YOUR-RERANK-MODEL", topN: 5 });
 * const retriever = new ContextualCompressionRetriever({ baseRetriever: store.asRetriever(20), baseCompressor: reranker });
 */
export class TogetherReranker extends BaseDocumentCompressor {
  readonly #client: TogetherClient;
  readonly #defaults: RerankDefaults;
  readonly #options: TogetherRerankerOptions;
  readonly #scoreKey: string;

  /** @throws TypeError naming the option that does not fit */
  constructor(options: TogetherRerankerOptions) {
    super();
    const { client, defaults } = splitRerankOptions(options, { scoreKey: check.name });
    this.#client = client;
    this.#defaults = defaults;
    this.#options = { ...options, ...defaults };
    this.#scoreKey = options.scoreKey ?? rerankerDefaults.scoreKey;
  }

  /** LangChain's name for this class, which survives a minifier. */
  static lc_name(): string {
    return "TogetherReranker";
  }

  /** Makes LangChain's serialiser call `toJSON` when another object contains this one. */
  get lc_serializable(): boolean {
    return true;
  }

  /** `load()` reads these: the option names whose spelling it must keep. */
  get lc_aliases(): Record<string, string> {
    return aliases;
  }

  /** The rerank model. */
  get model(): string {
    return this.#defaults.model;
  }

  /**
   * Ranks documents by relevance to the query. A trace shows it as a retriever run.
   * @returns new documents, best first: all fields of the given ones, and the score in their metadata
   * @throws TogetherApiError, TogetherConnectionError, TogetherResponseError, with LangChain's marks; TypeError for
   * input that does not fit; the reason of `signal`, or of the signal of the run around the call
   */
  override async compressDocuments<Ranked extends DocumentInterface>(
    documents: readonly Ranked[],
    query: string,
    callbacks?: Callbacks,
    call?: RerankCallOptions,
  ): Promise<Ranked[]> {
    checkCallbacks(callbacks);
    checkDocuments(documents);
    const options = readCall(call, ["topN", "signal"]);
    const { topN = this.#defaults.topN } = options;
    const metadata = { model: this.model, documents: documents?.length, ...(topN && { topN }) };
    // A copy, because the caller may change its array while the trace starts.
    const given = Array.isArray(documents) ? [...documents] : documents;
    return traced({ serialized: this.toJSON(), query, metadata }, callbacks, async () => {
      const results = await this.rerank(given, query, options);
      return results.map(({ document, relevanceScore }) =>
        withScore(document, this.#scoreKey, relevanceScore),
      );
    });
  }

  /**
   * Ranks LangChain documents, strings or plain objects, and returns the scores beside them.
   * @returns best first, ties in input order; `index` and `document` are the caller's own
   * @throws what `compressDocuments` throws
   */
  async rerank<Ranked extends RerankDocument | DocumentInterface>(
    documents: readonly Ranked[],
    query: string,
    call?: RerankCallOptions,
  ): Promise<RerankResult<Ranked>[]> {
    const options = { ...this.#defaults, ...readCall(call, ["topN", "signal"]) };
    const given: readonly Ranked[] = Array.isArray(documents) ? [...documents] : documents;
    const rankable = toRankable(documents, options.rankFields);
    const results = await stampRejection(this.#client.rerank(query, rankable, options));
    return results.map((result) => ({ ...result, document: given[result.index] as Ranked }));
  }

  /** What `console.log` shows. It never contains the key. */
  [inspect](): string {
    return `TogetherReranker { model: "${this.model}", baseURL: "${this.#client.baseURL}" }`;
  }

  /** `load()` of `@langchain/core/load` makes an equal instance from this. It contains no key, client, headers or functions. */
  toJSON() {
    return serialize(["langchain", "document_compressors", "together", "TogetherReranker"], this.#options);
  }
}
