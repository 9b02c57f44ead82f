/** What a framework found for a question: candidates by vector, and the best of them after reranking. */
import type { Document } from "@langchain/core/documents";
import { MetadataMode, type NodeWithScore } from "@llamaindex/core/schema";

export const candidateCount = 20;
export const bestCount = 5;

/** A chunk with its score. */
export interface Finding {
  id: string;
  /** File and lines. */
  source: string;
  text: string;
  score: number;
}

export interface Findings {
  /** The nearest passage first. Its score is the cosine of the question's vector and the passage's vector. */
  candidates: Finding[];
  /** The best passage first. Its score comes from the reranker. */
  best: Finding[];
}

export function fromDocument({ id = "", pageContent, metadata }: Document, score: number): Finding {
  return { id, source: sourceOf(metadata), text: pageContent, score };
}

export function fromNode({ node, score = Number.NaN }: NodeWithScore): Finding {
  return { id: node.id_, source: sourceOf(node.metadata), text: node.getContent(MetadataMode.NONE), score };
}

/** `package/README.md:12-20`, or a page of a PDF. */
function sourceOf({ source, loc }: Record<string, unknown>): string {
  const { lines, pageNumber } = (loc ?? {}) as {
    lines?: { from: number; to: number };
    pageNumber?: number;
  };
  if (lines) return `${source}:${lines.from === lines.to ? lines.from : `${lines.from}-${lines.to}`}`;
  return pageNumber ? `${source}, page ${pageNumber}` : String(source);
}

/** Whether both found the same passages in the same order with the same scores. Scores may differ in the last bits of a float. */
export function agree(one: Findings, other: Findings): boolean {
  return same(one.candidates, other.candidates) && same(one.best, other.best);
}

function same(some: Finding[], others: Finding[]): boolean {
  if (some.length !== others.length) return false;
  return some.every(({ id, score }, rank) => {
    const other = others[rank];
    return id === other?.id && Math.abs(score - other.score) < 1e-6;
  });
}
