/** Texts -> the bytes of the answer, put together from parts written beforehand. */
import { makeVectors, scoreOf, slotOf } from "../vectors.ts";

export type Encoding = "float" | "base64";

/** The rest of an entry, after its index, for each of the distinct vectors. */
type Parts = Buffer<ArrayBuffer>[];

const written = new Map<string, Parts>();

/** Writes the parts of an answer, if that was not done before. */
export function prepare(dimensions: number): void {
  partsOf(dimensions, "float");
  partsOf(dimensions, "base64");
}

function partsOf(dimensions: number, encoding: Encoding): Parts {
  const key = `${encoding} ${dimensions}`;
  const known = written.get(key);
  if (known) return known;
  const parts = makeVectors(dimensions).map((vector) => {
    // As Together prints them: the shortest decimal of the double that the float32 is.
    const embedding =
      encoding === "float" ? Array.from(vector) : Buffer.from(vector.buffer).toString("base64");
    return Buffer.from(`,"embedding":${JSON.stringify(embedding)}}`);
  });
  written.set(key, parts);
  return parts;
}

/** `tokens` is what the usage says. */
export function embeddingsAnswer(
  texts: readonly string[],
  tokens: number,
  dimensions: number,
  encoding: Encoding,
) {
  const parts = partsOf(dimensions, encoding);
  const pieces = [Buffer.from(`{"object":"list","model":"bench","data":[`)];
  for (const [index, text] of texts.entries()) {
    pieces.push(Buffer.from(`${index === 0 ? "" : ","}{"object":"embedding","index":${index}`));
    pieces.push(parts[slotOf(text)] as Buffer<ArrayBuffer>);
  }
  pieces.push(Buffer.from(`],"usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}}`));
  return Buffer.concat(pieces);
}

/** Best first, as the API documents it. */
export function rerankAnswer(documents: readonly string[], tokens: number): Buffer {
  const results = documents
    .map((document, index) => ({ index, relevance_score: scoreOf(document), document: {} }))
    .sort((a, b) => b.relevance_score - a.relevance_score);
  const usage = { prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens };
  return Buffer.from(JSON.stringify({ object: "rerank", id: "bench", model: "bench", results, usage }));
}
