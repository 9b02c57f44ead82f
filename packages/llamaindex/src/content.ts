/** A node or a query -> the text that a reranker reads. Only types are imported from llamaindex, as in reranker.ts. */
import type { MessageContent } from "@llamaindex/core/llms";
import type { BaseNode, MetadataMode, NodeWithScore } from "@llamaindex/core/schema";
import type { RerankDocument } from "@together-retrieval/core";
import { describeType, expected } from "@together-retrieval/core/adapter";

// The enum itself would be an import at run time; its members are these strings.
export const metadataModes = ["ALL", "EMBED", "LLM", "NONE"] as `${MetadataMode}`[] as MetadataMode[];

/** Defaults of the options that only this adapter has. */
export const rerankerDefaults = { metadataMode: "EMBED" } as const;

/** @throws TypeError for anything but a list of nodes, with the index of the first item that is not a node */
export function checkNodes(nodes: unknown): asserts nodes is NodeWithScore[] {
  if (!Array.isArray(nodes)) throw expected("nodes", "an array", describeType(nodes));
  const at = nodes.findIndex((wrapper) => typeof wrapper?.node?.getContent !== "function");
  if (at >= 0)
    throw expected(`nodes[${at}]`, "a NodeWithScore: an object with a `node`", describeType(nodes[at]));
}

/**
 * A node's text with the metadata that the mode shows. With `rankFields`, those fields of its metadata, where `text` is the
 * node's own text.
 * @returns `undefined` for a node without text, for example a bare image
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
 * @throws TypeError for a query without text, even when no node has a text to rank
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
