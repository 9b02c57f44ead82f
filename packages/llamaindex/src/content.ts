/** A node or a query -> what a reranker reads of it. Types alone come from llamaindex, as in reranker.ts. */
import type { MessageContent } from "@llamaindex/core/llms";
import type { BaseNode, MetadataMode, NodeWithScore } from "@llamaindex/core/schema";
import type { RerankDocument } from "@together-retrieval/core";
import { describeType, expected } from "@together-retrieval/core/adapter";

// The enum itself would be an import at run time; its members are these strings.
export const metadataModes = ["ALL", "EMBED", "LLM", "NONE"] as `${MetadataMode}`[] as MetadataMode[];

/** The defaults of the adapter's own options. */
export const rerankerDefaults = { metadataMode: "EMBED" } as const;

/** @throws TypeError for what is no list of nodes, naming the index of what is none */
export function checkNodes(nodes: unknown): asserts nodes is NodeWithScore[] {
  if (!Array.isArray(nodes)) throw expected("nodes", "an array", describeType(nodes));
  const at = nodes.findIndex((wrapper) => typeof wrapper?.node?.getContent !== "function");
  if (at >= 0)
    throw expected(`nodes[${at}]`, "a NodeWithScore: an object with a `node`", describeType(nodes[at]));
}

/**
 * A node's text with the metadata that the mode shows; with `rankFields`, those fields of its metadata, its own text being
 * `text`.
 * @returns `undefined` when there is nothing to read, as in a bare image
 */
export function readNode(
  node: BaseNode,
  metadataMode: MetadataMode,
  rankFields: readonly string[] | undefined,
): RerankDocument | undefined {
  if (!rankFields) return orNothing(node.getContent(metadataMode));
  const fields: Record<string, unknown> = { ...node.metadata, text: node.getContent("NONE" as MetadataMode) };
  const chosen = rankFields.map((name) => [name, orNothing(fields[name])]);
  return chosen.some(([, value]) => value !== undefined) ? Object.fromEntries(chosen) : undefined;
}

function orNothing<Value>(value: Value): Value | undefined {
  const isBlank = value === null || (typeof value === "string" && value.trim() === "");
  return isBlank ? undefined : value;
}

/**
 * The text parts of a query, joined as LlamaIndex joins them.
 * @throws TypeError when there is none, or nothing in it, whether or not a node has a text to rank
 */
export function readQuery(query: MessageContent | undefined): string {
  const parts = typeof query === "string" ? [{ type: "text" as const, text: query }] : query;
  const texts = Array.isArray(parts)
    ? parts.flatMap((part) => (part?.type === "text" ? [part.text] : []))
    : [];
  const text = texts.join("\n\n");
  if (text.trim() !== "") return text;
  const came =
    texts.length > 0 ? "a blank one" : Array.isArray(query) ? "parts without text" : describeType(query);
  throw expected("query", "a non-empty string, or message parts with a text among them", came);
}
