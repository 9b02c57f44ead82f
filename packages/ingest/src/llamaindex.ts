/** an open index and how it is to be searched -> a retriever of LlamaIndexTS, by vector or by vector and words */
import type { QueryBundle } from "@llamaindex/core/query-engine";
import { BaseRetriever } from "@llamaindex/core/retriever";
import { type NodeWithScore, TextNode } from "@llamaindex/core/schema";
import { extractText } from "@llamaindex/core/utils";
import type { IndexHandle } from "./index/open-index.ts";
import type { QueryOptions, SearchResult } from "./index/search.ts";

/** The index, and the options of `index.search` but for its signal: LlamaIndex has no way to pass one. */
export interface IndexRetrieverOptions extends Omit<QueryOptions, "signal"> {
  /** What `openIndex` gave; it must stay open while the retriever is used. */
  index: Pick<IndexHandle, "search">;
}

/**
 * Searches an index wherever LlamaIndexTS takes a retriever. A node's score is the reranker's, or the fused one of a hybrid
 * search, or the similarity; all of them and both ranks stand in its metadata, where no model reads them.
 * @throws IngestError from a search: an option that does not fit, or whatever else a user can put right
 * @example
 * const retriever = new IndexRetriever({ index: await openIndex({ to: "./index" }), client, hybrid: true, top: 20 });
 * const engine = new RetrieverQueryEngine(retriever, undefined, [reranker]);
 */
export class IndexRetriever extends BaseRetriever {
  readonly #index: Pick<IndexHandle, "search">;
  readonly #query: Omit<QueryOptions, "signal">;

  constructor({ index, ...query }: IndexRetrieverOptions) {
    super();
    this.#index = index;
    this.#query = query;
  }

  /** @throws TypeError for a query without text, such as an image */
  override async _retrieve({ query }: QueryBundle): Promise<NodeWithScore[]> {
    const question = extractText(query);
    if (question.trim() === "")
      throw new TypeError(
        "Expected `query` to be a non-empty string, or message parts with a text among them",
      );
    return (await this.#index.search(question, this.#query)).map(nodeOf);
  }
}

function nodeOf({ id, text, metadata, ...scores }: SearchResult): NodeWithScore {
  const all = { ...metadata, ...scores };
  const node = new TextNode({
    ...{ id_: id, text, metadata: all },
    // Vectors are made from the text alone. Of the metadata a model that answers reads what a person would.
    excludedEmbedMetadataKeys: Object.keys(all),
    excludedLlmMetadataKeys: ["loc", ...Object.keys(scores)],
  });
  return { node, score: scores.relevanceScore ?? scores.fusedScore ?? scores.similarity };
}
