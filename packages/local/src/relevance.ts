/** a query and a document, both read by the model -> one score */
import type { TextModel, TokenIds } from "./model.ts";

/** The model's reading of a text. `tokens` are the states of its words, each of length 1, without special tokens. */
export interface Reading {
  ids: TokenIds;
  tokens: Float32Array;
  vector: Float32Array;
}

/** Reads the states of one text. */
export function read(model: TextModel, ids: TokenIds, states: Float32Array): Reading {
  const { before, after } = model.specialTokens;
  const width = model.dimensions;
  const words = states.slice(before * width, states.length - after * width);
  for (let start = 0; start < words.length; start += width) scaleToLengthOne(words, start, width);
  return { ids: ids.slice(before, ids.length - after), tokens: words, vector: model.vector(states) };
}

/** How near a document is to a query, by three measures. */
export interface Views {
  /** The cosine of the two. */
  whole: number;
  /** For each token of the query its most similar token of the document, on average. */
  alike: number;
  /** The share of the query's words that stand in the document, rare words counting more. */
  covered: number;
}

export function views(query: Reading, document: Reading, rarity: (id: number) => number): Views {
  return {
    whole: similarity(query.vector, document.vector),
    alike: meanMaxSimilarity(query, document),
    covered: coverage(query.ids, document.ids, rarity),
  };
}

/**
 * The reranker's score, from 0 to 1 for anything alike: not a cross-encoder, but four views of one embedding model, of which
 * the fourth is the cosine of the query and the document's best sentence (-1 when it has no more than one).
 *
 * A document's score depends on the query and on itself alone, so that results of several requests can be merged.
 */
export function relevance({ whole, alike, covered }: Views, bestSentence: number): number {
  return (whole + Math.max(whole, bestSentence) + alike + 0.3 * covered) / 3.3;
}

function meanMaxSimilarity(query: Reading, document: Reading): number {
  const width = query.vector.length;
  const rows = query.tokens.length / width;
  if (rows === 0 || document.tokens.length === 0) return 0;
  let sum = 0;
  for (let q = 0; q < query.tokens.length; q += width) {
    let best = -1;
    for (let d = 0; d < document.tokens.length; d += width) {
      let product = 0;
      for (let i = 0; i < width; i++) {
        product += (query.tokens[q + i] as number) * (document.tokens[d + i] as number);
      }
      if (product > best) best = product;
    }
    sum += best;
  }
  return sum / rows;
}

function coverage(query: TokenIds, document: TokenIds, rarity: (id: number) => number): number {
  const present = new Set(document);
  let found = 0;
  let all = 0;
  for (const id of new Set(query)) {
    all += rarity(id);
    if (present.has(id)) found += rarity(id);
  }
  return all === 0 ? 0 : found / all;
}

/** The cosine of two vectors: not every model gives them length 1. */
export function similarity(a: Float32Array, b: Float32Array): number {
  return dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function scaleToLengthOne(values: Float32Array, start: number, width: number): void {
  let squares = 0;
  for (let i = start; i < start + width; i++) squares += (values[i] as number) ** 2;
  const length = Math.sqrt(squares) || 1;
  for (let i = start; i < start + width; i++) values[i] = (values[i] as number) / length;
}
