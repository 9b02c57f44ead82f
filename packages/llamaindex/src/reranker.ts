/**
 * retrieved nodes -> one call of the core -> the same nodes, best first. Of llamaindex there are types only: this module
 * runs where `@llamaindex/core` cannot be loaded.
 */
import type { MessageContent } from "@llamaindex/core/llms";
import type { BaseNodePostprocessor } from "@llamaindex/core/postprocessor";
import type { MetadataMode, NodeWithScore } from "@llamaindex/core/schema";
import {
  type AdapterClientOptions,
  type RerankDefaults,
  serializableOptions,
  splitRerankOptions,
  type TogetherClient,
} from "@together-retrieval/core";

export {
  TogetherApiError,
  TogetherClient,
  TogetherConnectionError,
  TogetherError,
  TogetherResponseError,
} from "@together-retrieval/core";

/** The client's options, or a ready `client`, and what is sent with every call. No `signal`: the host has no way to pass one. */
export interface TogetherRerankerOptions extends AdapterClientOptions, Omit<RerankDefaults, "rankFields"> {
  /** Which text of a node is ranked: its own, after the metadata that this mode shows. @default "EMBED" */
  metadataMode?: MetadataMode | `${MetadataMode}` | undefined;
}

/** A node with the reranker's score and the retriever's. */
export interface RerankedNode extends NodeWithScore {
  /** The reranker's, whose range is the model's own; absent for a node without text. */
  score?: number;
  /** The retriever's, through any number of rerankers; absent if there was none. */
  retrievalScore?: number;
}

const metadataModes = ["ALL", "EMBED", "LLM", "NONE"];

/** Together's rerankers for LlamaIndex: put it among a query or chat engine's `nodePostprocessors`. */
export class TogetherReranker implements BaseNodePostprocessor {
  readonly #client: TogetherClient;
  readonly #defaults: RerankDefaults;
  readonly #metadataMode: MetadataMode;
  readonly #json: Record<string, unknown>;

  /** @throws TypeError naming the option that does not fit; an API key must be given or stand in the environment */
  constructor(options: TogetherRerankerOptions) {
    const { metadataMode = "EMBED", ...rerankOptions } = { ...options };
    if (!metadataModes.includes(metadataMode)) {
      const modes = metadataModes.map((mode) => `"${mode}"`).join(", ");
      throw new TypeError(`Expected \`metadataMode\` to be one of ${modes}, got \`${metadataMode}\``);
    }
    const { client, defaults } = splitRerankOptions(rerankOptions);
    this.#client = client;
    this.#defaults = defaults;
    // The enum itself would be an import at run time; its values are these strings.
    this.#metadataMode = metadataMode as MetadataMode;
    this.#json = { type: "TogetherReranker", ...serializableOptions({ ...rerankOptions, metadataMode }) };
  }

  /**
   * Ranks nodes by their relevance to the query's text.
   * @returns new wrappers around the same nodes, best first. Nodes without text, such as bare images, come last and without
   * a score; a `scoreThreshold` drops them
   * @throws TypeError for a query that is missing, blank, or without text; TogetherApiError, TogetherConnectionError,
   * TogetherResponseError
   */
  async postprocessNodes(nodes: NodeWithScore[], query?: MessageContent): Promise<RerankedNode[]> {
    if (nodes.length === 0) return [];
    const { topN, scoreThreshold } = this.#defaults;
    const textOf = ({ node }: NodeWithScore) => node.getContent(this.#metadataMode);
    const hasText = (found: NodeWithScore) => textOf(found).trim() !== "";
    const withText = nodes.filter(hasText);
    const ranking = await this.#client.rerank(textOfQuery(query), withText.map(textOf), this.#defaults);
    const ranked = ranking.map(({ index, relevanceScore }) => ({
      // The core refuses an index out of range.
      ...unscored(withText[index] as NodeWithScore),
      score: relevanceScore,
    }));
    if (scoreThreshold !== undefined) return ranked;
    const withoutText = nodes.filter((found) => !hasText(found)).map(unscored);
    return [...ranked, ...withoutText].slice(0, topN);
  }

  /** Every option that is data; never the key. */
  toJSON(): Record<string, unknown> {
    return structuredClone(this.#json);
  }
}

/** A new wrapper: the retriever's may be shared between queries. Of several rerankers the first has seen the retriever's score. */
function unscored(found: NodeWithScore & { retrievalScore?: number }): RerankedNode {
  const retrievalScore = "retrievalScore" in found ? found.retrievalScore : found.score;
  return { node: found.node, ...(retrievalScore !== undefined && { retrievalScore }) };
}

/** @throws TypeError when there is no text in it */
function textOfQuery(query: MessageContent | undefined): string {
  if (typeof query === "string") return query;
  const came = Array.isArray(query) ? "parts without text" : `\`${query}\``;
  const parts = Array.isArray(query)
    ? query.flatMap((part) => (part.type === "text" ? [part.text] : []))
    : [];
  if (parts.length === 0) {
    throw new TypeError(
      `Expected \`query\` to be a text, or message parts with text among them, got ${came}`,
    );
  }
  // As LlamaIndex joins the text parts of a message.
  return parts.join("\n\n");
}
