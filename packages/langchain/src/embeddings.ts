/** LangChain's `embedDocuments` and `embedQuery` -> one call of the core each. */
import { Embeddings } from "@langchain/core/embeddings";
import type { EmbedOptions, TogetherClient } from "@together-retrieval/core";
import {
  type AdapterClientOptions,
  describeType,
  type EmbedDefaults,
  expected,
  splitEmbedOptions,
} from "@together-retrieval/core/adapter";
import { inspect, readCall } from "./call.ts";
import { aliases, serialize } from "./serialize.ts";
import { stampRejection } from "./stamp.ts";

/** The client's options or a ready `client`, and the options of every call. Only `model` is required. */
export interface TogetherEmbeddingsOptions extends AdapterClientOptions, EmbedDefaults {}

/** Options of a single call. */
export type EmbedCallOptions = Pick<EmbedOptions, "signal" | "onProgress">;

/**
 * Embeddings for LangChain.js from Together AI or any server with the same API.
 *
 * The core does batches, retries, rate limits and checks; the base class's `caller` is not used.
 * @example
 * const embeddings = new TogetherEmbeddings({ model: "YOUR-EMBEDDING-MODEL" });
 * const store = await MemoryVectorStore.fromTexts(texts, {}, embeddings);
 */
export class TogetherEmbeddings extends Embeddings {
  readonly #client: TogetherClient;
  readonly #defaults: EmbedDefaults;
  readonly #options: TogetherEmbeddingsOptions;

  /** @throws TypeError naming the option that does not fit */
  constructor(options: TogetherEmbeddingsOptions) {
    super({});
    // The base class makes a `caller`, but only the core repeats requests. Hidden, so that logs and copies do not show it.
    Object.defineProperty(this, "caller", { enumerable: false });
    const { client, defaults } = splitEmbedOptions(options);
    this.#client = client;
    this.#defaults = defaults;
    this.#options = { ...options, ...defaults };
  }

  /** LangChain's name for this class, which survives a minifier. */
  static lc_name(): string {
    return "TogetherEmbeddings";
  }

  /** Makes LangChain's serialiser call `toJSON` when another object contains this one. */
  get lc_serializable(): boolean {
    return true;
  }

  /** `load()` reads these: the option names whose spelling it must keep. */
  get lc_aliases(): Record<string, string> {
    return aliases;
  }

  /** The embedding model. Caches use it as their namespace. */
  get model(): string {
    return this.#defaults.model;
  }

  /**
   * Embeds documents, with the model's document prompt if it has one.
   * @returns one row per text, in input order
   * @throws TogetherApiError, TogetherConnectionError, TogetherResponseError, with LangChain's marks; TypeError for
   * input that does not fit; the reason of `signal`, or of the signal of the run around the call
   */
  override async embedDocuments(texts: readonly string[], call?: EmbedCallOptions): Promise<number[][]> {
    const options = readCall(call, ["signal", "onProgress"]);
    return stampRejection(
      this.#client.embed(texts, { ...this.#defaults, ...options, inputType: "document" }),
    );
  }

  /**
   * Embeds one query, with the model's query prompt if it has one.
   * @throws what `embedDocuments` throws
   */
  override async embedQuery(text: string, call?: Pick<EmbedCallOptions, "signal">): Promise<number[]> {
    const options = readCall(call, ["signal"]);
    if (typeof text !== "string") {
      throw expected("text", "a string (`embedDocuments` takes arrays)", describeType(text));
    }
    const [vector] = await stampRejection(
      this.#client.embed([text], { ...this.#defaults, ...options, inputType: "query" }),
    );
    return vector as number[];
  }

  /** What `console.log` shows. It never contains the key. */
  [inspect](): string {
    return `TogetherEmbeddings { model: "${this.model}", baseURL: "${this.#client.baseURL}" }`;
  }

  /** `load()` of `@langchain/core/load` makes an equal instance from this. It contains no key, client, headers or functions. */
  toJSON() {
    return serialize(["langchain", "embeddings", "together", "TogetherEmbeddings"], this.#options);
  }
}
