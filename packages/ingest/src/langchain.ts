/** an open index and how it is to be searched -> a retriever of LangChain.js, by vector or by vector and words */
import { Document, type DocumentInterface } from "@langchain/core/documents";
import { BaseRetriever, type BaseRetrieverInput } from "@langchain/core/retrievers";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import type { IndexHandle } from "./index/open-index.ts";
import type { QueryOptions } from "./index/search.ts";

/** The index, the options of `index.search` but for its signal, and those of every LangChain retriever. */
export interface IndexRetrieverOptions extends BaseRetrieverInput, Omit<QueryOptions, "signal"> {
  /** What `openIndex` gave; it must stay open while the retriever is used. */
  index: Pick<IndexHandle, "search">;
}

/**
 * Searches an index wherever LangChain.js takes a retriever. Each document has the chunk's id and metadata, and in its
 * metadata `similarity`; with `hybrid` also `vectorRank`, `textRank` and `fusedScore`; with `rerankModel` `relevanceScore`.
 *
 * A search ends with the signal of the run around it, where the application lets LangChain keep that run's config.
 * @throws IngestError from a search: an option that does not fit, or whatever else a user can put right
 * @example
 * const retriever = new IndexRetriever({ index: await openIndex({ to: "./index" }), client, hybrid: true, top: 20 });
 */
export class IndexRetriever extends BaseRetriever {
  lc_namespace = ["langchain", "retrievers", "together"];
  readonly #index: Pick<IndexHandle, "search">;
  readonly #query: Omit<QueryOptions, "signal">;

  constructor(options: IndexRetrieverOptions) {
    const { index, callbacks, tags, metadata, verbose, ...query } = options;
    super({
      ...(callbacks && { callbacks }),
      ...(tags && { tags }),
      ...(metadata && { metadata }),
      ...(verbose !== undefined && { verbose }),
    });
    this.#index = index;
    this.#query = query;
  }

  /** LangChain's name for this class, which survives a minifier. */
  static override lc_name(): string {
    return "IndexRetriever";
  }

  override async _getRelevantDocuments(question: string): Promise<DocumentInterface[]> {
    const signal = AsyncLocalStorageProviderSingleton.getRunnableConfig()?.signal;
    const results = await this.#index.search(question, { ...this.#query, ...(signal && { signal }) });
    return results.map(
      ({ id, text, metadata, ...scores }) =>
        new Document({ id, pageContent: text, metadata: { ...metadata, ...scores } }),
    );
  }
}
