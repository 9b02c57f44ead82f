/**
 * Retrieved nodes -> one call of the core -> the same nodes, best first. Only types are imported from llamaindex, so that
 * this module runs where `@llamaindex/core` cannot be loaded.
 */
import type { MessageContent } from "@llamaindex/core/llms";
import type { BaseNodePostprocessor } from "@llamaindex/core/postprocessor";
import type { BaseNode, MetadataMode, NodeWithScore } from "@llamaindex/core/schema";
import type { RerankDocument, TogetherClient } from "@together-retrieval/core";
import {
  type AdapterClientOptions,
  check,
  inPositions,
  type RerankDefaults,
  serializableOptions,
  splitRerankOptions,
} from "@together-retrieval/core/adapter";
import { checkNodes, metadataModes, readNode, readQuery, rerankerDefaults } from "./content.ts";

export {
  TogetherApiError,
  TogetherClient,
  TogetherConnectionError,
  TogetherError,
  TogetherResponseError,
} from "@together-retrieval/core";

/** The client's options or a ready `client`, and the options of every call. No `signal`: LlamaIndex has no way to pass one. */
export interface TogetherRerankerOptions extends AdapterClientOptions, RerankDefaults {
  /** Which metadata is put before a node's text when it is ranked. @default "EMBED" */
  metadataMode?: MetadataMode | `${MetadataMode}` | undefined;
}

/** A node with the reranker's score and the retriever's. */
export interface RerankedNode extends NodeWithScore {
  /** The reranker's score, in the model's own range; absent for a node without text. */
  score?: number;
  /** The retriever's score, also after several rerankers; absent if there was none. */
  retrievalScore?: number;
}

/**
 * A reranker for LlamaIndex from Together AI or any server with the same API. Put it among the `nodePostprocessors` of a
 * query or chat engine.
 * @example
 * const reranker = new TogetherReranker({ model: "YOUR-RERANK-MODEL", topN: 5 });
 * const engine = index.asQueryEngine({ similarityTopK: 20, nodePostprocessors: [reranker] });
 */
export class TogetherReranker implements BaseNodePostprocessor {
  readonly #client: TogetherClient;
  readonly #defaults: RerankDefaults;
  readonly #metadataMode: MetadataMode;
  readonly #json: Record<string, unknown>;

  /** @throws TypeError naming the option that does not fit, or the missing API key */
  constructor(options: TogetherRerankerOptions) {
    const { client, defaults } = splitRerankOptions(options, { metadataMode: check.oneOf(...metadataModes) });
    this.#client = client;
    this.#defaults = defaults;
    this.#metadataMode = resolveMetadataMode(options.metadataMode, defaults);
    this.#json = { type: "TogetherReranker", ...serializableOptions(options) };
  }

  /**
   * Ranks nodes by their relevance to the query's text.
   * @returns new wrappers around the same nodes, best first. Nodes without text, such as bare images, come last and without
   * a score; a `scoreThreshold` drops them
   * @throws TypeError for a query that is missing, blank, or without text, and for what is no node; TogetherApiError, TogetherConnectionError,
   * TogetherResponseError
   */
  async postprocessNodes(nodes: NodeWithScore[], query?: MessageContent): Promise<RerankedNode[]> {
    checkNodes(nodes);
    if (nodes.length === 0) return [];
    const { topN, scoreThreshold } = this.#defaults;
    const found = nodes.map((wrapper, at) => ({ wrapper, at, document: this.#read(wrapper.node) }));
    const rankable = found.filter((entry): entry is Rankable => entry.document !== undefined);
    const documents = rankable.map(({ document }) => document);
    const positions = rankable.map(({ at }) => at);
    const work = this.#client.rerank(readQuery(query), documents, this.#defaults);
    const results = await inPositions(work, positions, "nodes");
    const ranked = results.map(({ index, relevanceScore }) => ({
      // The core refuses an index that is out of range.
      ...rewrap((rankable[index] as Rankable).wrapper),
      score: relevanceScore,
    }));
    if (scoreThreshold !== undefined) return ranked;
    const unranked = found.filter(({ document }) => document === undefined);
    return [...ranked, ...unranked.map(({ wrapper }) => rewrap(wrapper))].slice(0, topN);
  }

  /** What `console.log` shows. It never contains the key. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `TogetherReranker { model: "${this.#defaults.model}", baseURL: "${this.#client.baseURL}" }`;
  }

  /** Every option that can be written as JSON, but not the key. */
  toJSON(): Record<string, unknown> {
    return structuredClone(this.#json);
  }

  #read(node: BaseNode): RerankDocument | undefined {
    return readNode(node, this.#metadataMode, this.#defaults.rankFields);
  }
}

/** The retriever's wrapper, its position in the list, and the text of its node that is ranked. */
interface Rankable {
  at: number;
  wrapper: NodeWithScore;
  document: RerankDocument;
}

/** A new wrapper, because queries may share the given one. With several rerankers, the first has kept the retriever's score. */
function rewrap(given: NodeWithScore & { retrievalScore?: number }): RerankedNode {
  const retrievalScore = "retrievalScore" in given ? given.retrievalScore : given.score;
  return { node: given.node, ...(retrievalScore !== undefined && { retrievalScore }) };
}

/** @throws TypeError for a mode that has no effect because of `rankFields` */
function resolveMetadataMode(
  given: TogetherRerankerOptions["metadataMode"],
  { rankFields }: RerankDefaults,
): MetadataMode {
  if (given !== undefined && rankFields !== undefined) {
    throw new TypeError(
      "`metadataMode` and `rankFields` exclude each other: both say what of a node is ranked",
    );
  }
  // The enum's members are these strings.
  return (given ?? rerankerDefaults.metadataMode) as MetadataMode;
}
