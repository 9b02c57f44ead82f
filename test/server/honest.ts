/** A request as it was received -> the right answer: vectors and scores that can be checked from the text alone. */

export interface EmbeddingEntry {
  object: "embedding";
  index?: number | null;
  embedding: unknown;
}

export interface EmbeddingBody {
  object: "list";
  model: string;
  data: EmbeddingEntry[];
  usage?: unknown;
  id?: unknown;
}

export interface RerankEntry {
  index?: number | null;
  relevance_score: unknown;
  document?: unknown;
}

export interface RerankBody {
  object: "rerank";
  id?: unknown;
  model: string;
  results: RerankEntry[];
  usage?: unknown;
}

const DIMENSIONS = 8;

/** The vector of a text, which no other text has. Every number is a float32, so that base64 carries it exactly. */
export function vectorOf(text: string, dimensions = DIMENSIONS): number[] {
  let state = hash(text);
  return Array.from({ length: dimensions }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return Math.fround((state >>> 0) / 2 ** 31 - 1);
  });
}

/** The score of a document, from -1 to 1. A document `score:0.25` gets that score. */
export function scoreOf(document: unknown): number {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  const chosen = /score:(-?[\d.]+)/.exec(text);
  return chosen ? Number(chosen[1]) : hash(text) / 2 ** 31 - 1;
}

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return state >>> 0;
}

/** Numbers as Together sends them when asked for base64: little-endian float32. */
export function toBase64(vector: readonly number[]): string {
  const buffer = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) buffer.writeFloatLE(value, at * 4);
  return buffer.toString("base64");
}

/** Embeddings for every input of the request, in order, as base64 if it asks for that. */
export function embeddingBody(body: Record<string, unknown>, dimensions = DIMENSIONS): EmbeddingBody {
  const inputs = inputsOf(body);
  const data = inputs.map((text, index) => {
    const vector = vectorOf(text, dimensions);
    const embedding = body.encoding_format === "base64" ? toBase64(vector) : vector;
    return { object: "embedding" as const, index, embedding };
  });
  return { object: "list", model: String(body.model), data, usage: usageOf(inputs) };
}

/** Results for every document of the request, best first. */
export function rerankBody(body: Record<string, unknown>): RerankBody {
  const documents = documentsOf(body);
  const results = documents
    .map((document, index) => ({ index, relevance_score: scoreOf(document), document: {} }))
    .sort((a, b) => b.relevance_score - a.relevance_score);
  return { object: "rerank", model: String(body.model), results, usage: usageOf(documents) };
}

/** One token for every input, so that tests know the number. */
function usageOf(inputs: readonly unknown[]) {
  return { prompt_tokens: inputs.length, completion_tokens: 0, total_tokens: inputs.length };
}

export function inputsOf(body: Record<string, unknown>): string[] {
  const input = body.input ?? [];
  return (Array.isArray(input) ? input : [input]).map(String);
}

export function documentsOf(body: Record<string, unknown>): unknown[] {
  return Array.isArray(body.documents) ? body.documents : [];
}
