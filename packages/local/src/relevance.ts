/** a query and a document, both read by the model -> one score */
import type { TextModel, TokenIds } from "./model.ts";

/** What the model made of a text. `tokens` are the states of its words, each of length 1; special tokens are left out. */
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

/**
 * The reranker's score, from 0 to 1 for anything alike: not a cross-encoder, but four views of one embedding model.
 *
 * - the cosine of the query and the document,
 * - the cosine of the query and the document's best sentence,
 * - for each token of the query its most similar token of the document, on average,
 * - 0.3 × the share of the query's words that stand in the document, rare words counting more.
 *
 * A document's score depends on the query and on itself alone, so that results of several requests can be merged.
 */
export function relevance(
  query: Reading,
  document: Reading,
  sentenceVectors: Float32Array[],
  rarity: (id: number) => number,
): number {
  const whole = dot(query.vector, document.vector);
  const best = Math.max(whole, ...sentenceVectors.map((vector) => dot(query.vector, vector)));
  const alike = meanMaxSimilarity(query, document);
  return (whole + best + alike + 0.3 * coverage(query.ids, document.ids, rarity)) / 3.3;
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
