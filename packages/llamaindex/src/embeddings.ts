/** LlamaIndex's texts, nodes and queries -> one call of the core -> vectors where the host looks for them */
import { BaseEmbedding, type BaseEmbeddingOptions } from "@llamaindex/core/embeddings";
import type { MessageContentDetail } from "@llamaindex/core/llms";
import { type BaseNode, MetadataMode } from "@llamaindex/core/schema";
import { extractSingleText } from "@llamaindex/core/utils";
import type { EmbedOptions, TogetherClient } from "@together-retrieval/core";
import {
  type AdapterClientOptions,
  describeType,
  type EmbedDefaults,
  expected,
  splitEmbedOptions,
} from "@together-retrieval/core/adapter";
import { describeOptions, identify } from "./identity.ts";

/** The client's options or a ready `client`, and the options of every call. Only `model` is required. */
export interface TogetherEmbeddingsOptions extends AdapterClientOptions, EmbedDefaults {}

/** Options of a single call, or of a run of the transform: LlamaIndex's own options and a signal. */
export interface EmbeddingCallOptions extends BaseEmbeddingOptions {
  /** Stops the call, which then rejects with the signal's `reason`. */
  signal?: AbortSignal | undefined;
}

/**
 * Embeddings for LlamaIndex from Together AI or any server with the same API. Set it as `Settings.embedModel`, or put it among
 * the transformations of an `IngestionPipeline`. Like every `BaseEmbedding`, an instance is a function:
 * `await embeddings(nodes, options)` gives every node its vector. If it fails, no node gets one.
 * @example
 * Settings.embedModel = new TogetherEmbeddings({ model: "YOUR-EMBEDDING-MODEL" });
 * const index = await VectorStoreIndex.fromDocuments(documents);
 */
export class TogetherEmbeddings extends BaseEmbedding {
  readonly #client: TogetherClient;
  readonly #defaults: EmbedDefaults;
  readonly #json: Record<string, unknown>;

  /** @throws TypeError naming the option that does not fit, or the missing API key */
  constructor(options: TogetherEmbeddingsOptions) {
    super((nodes, call) => this.#embedNodes(nodes, call));
    const { client, defaults } = splitEmbedOptions(options);
    this.#client = client;
    this.#defaults = defaults;
    this.#json = describeOptions("TogetherEmbeddings", options);
    // LlamaIndex's name for the batch size, which callers may change later. Its default of 10 would mean ten times the requests.
    this.embedBatchSize = defaults.batchSize ?? 100;
    // `IngestionPipeline` caches by `id` and `toJSON`. With the base class's random id, no other instance would find the entry.
    this.id = identify({ ...this.#json, baseURL: client.baseURL }, defaults);
  }

  /**
   * Embeds documents, all batches at once as far as the client's limiter allows.
   * @returns `number[][]`, one row per text, in input order
   * @throws TypeError for input that does not fit; TogetherApiError, TogetherConnectionError, TogetherResponseError; the
   * signal's reason
   */
  override async getTextEmbeddingsBatch(
    texts: string[],
    options?: EmbeddingCallOptions,
  ): Promise<number[][]> {
    const { signal, progressCallback, logProgress, logger = console } = options ?? {};
    const onProgress = ({ done, total }: { done: number; total: number }) => {
      progressCallback?.(done, total);
      if (logProgress) logger.log(`getting embedding progress: ${done} / ${total}`);
    };
    return this.#embed(texts, { inputType: "document", signal, onProgress });
  }

  /** Embeds documents: `number[][]`, one row per text, in input order. An own property: the host passes it unbound. */
  override getTextEmbeddings = (texts: string[]): Promise<number[][]> => this.getTextEmbeddingsBatch(texts);

  /**
   * Embeds one text as a document. `VectorMemoryBlock` uses this for its queries as well, which then lack the model's
   * query prompt.
   */
  override async getTextEmbedding(
    text: string,
    options?: Pick<EmbeddingCallOptions, "signal">,
  ): Promise<number[]> {
    if (typeof text !== "string") {
      throw expected("text", "a string (`getTextEmbeddings` takes arrays)", describeType(text));
    }
    const [vector] = await this.#embed([text], { inputType: "document", signal: options?.signal });
    return vector as number[];
  }

  /**
   * Embeds one part of a message, or a text, as a query, with the model's query prompt.
   * @returns `null` for a part that is empty or not a text
   */
  override async getQueryEmbedding(
    query: MessageContentDetail | string,
    options?: Pick<EmbeddingCallOptions, "signal">,
  ): Promise<number[] | null> {
    const text = typeof query === "string" ? query : extractSingleText(query);
    if (!text) return null;
    const [vector] = await this.#embed([text], { inputType: "query", signal: options?.signal });
    return vector as number[];
  }

  /** What `console.log` shows. It never contains the key. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `TogetherEmbeddings { model: "${this.#defaults.model}", baseURL: "${this.#client.baseURL}" }`;
  }

  /** Every option that can be written as JSON, but not the key. */
  toJSON(): Record<string, unknown> {
    return structuredClone(this.#json);
  }

  async #embedNodes(nodes: BaseNode[], call?: EmbeddingCallOptions): Promise<BaseNode[]> {
    checkEmbeddable(nodes);
    const embedded = [...nodes];
    const texts = embedded.map((node) => node.getContent(MetadataMode.EMBED));
    const vectors = await this.getTextEmbeddingsBatch(texts, call);
    // Nodes get their vectors only when all have succeeded: `IngestionPipeline` silently drops nodes without a vector.
    for (const [at, node] of embedded.entries()) node.embedding = vectors[at];
    return nodes;
  }

  #embed(
    texts: string[],
    call: Pick<EmbedOptions, "inputType" | "signal" | "onProgress">,
  ): Promise<number[][]> {
    return this.#client.embed(texts, { ...this.#defaults, batchSize: this.embedBatchSize, ...call });
  }
}

/** Checked before the request: a node that failed after it would leave others with a vector. @throws TypeError naming the index */
function checkEmbeddable(nodes: unknown): asserts nodes is BaseNode[] {
  if (!Array.isArray(nodes)) throw expected("nodes", "an array", describeType(nodes));
  const at = nodes.findIndex((node) => typeof node?.getContent !== "function" || Object.isFrozen(node));
  if (at < 0) return;
  const came = typeof nodes[at]?.getContent === "function" ? "a frozen one" : describeType(nodes[at]);
  throw expected(`nodes[${at}]`, "a node that can take an embedding", came);
}
