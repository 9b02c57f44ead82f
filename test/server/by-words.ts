/** A request -> an answer that depends on words, for tests of retrieval. Texts with the same words get near vectors and high scores. */
import { onTestFinished } from "vitest";
import { type Answer, answer } from "./answers.ts";
import { toBase64 } from "./honest.ts";
import type { Request } from "./request.ts";
import { type AwkwardServer, startServer } from "./server.ts";

/** A server with one answer for all requests, closed when the test is over. */
export async function serve(always: Answer = byWords): Promise<AwkwardServer> {
  const server = await startServer();
  onTestFinished(() => server.close());
  server.always(always);
  return server;
}

export const byWords: Answer = (request, reply) => answer(200, bodyFor(request))(request, reply);

function bodyFor({ path, body, inputs, documents }: Request): object {
  if (path.endsWith("/rerank")) {
    const atMost = typeof body.top_n === "number" ? body.top_n : documents.length;
    return { model: body.model, results: rank(String(body.query), documents).slice(0, atMost) };
  }
  const data = inputs.map((input, index) => ({
    object: "embedding",
    index,
    embedding: body.encoding_format === "base64" ? toBase64(embed(input)) : embed(input),
  }));
  return { object: "list", model: body.model, data, usage: { prompt_tokens: inputs.length } };
}

/** The right vectors, in the wrong order. */
export const backwards: Answer = (request, reply) => {
  const data = request.inputs.map((input, index) => ({ index, embedding: embed(input) }));
  return answer(200, { data: data.reverse() })(request, reply);
};

function wordsOf(value: unknown): string[] {
  const words = typeof value === "string" ? value : Object.values(value as object).join(" ");
  return words.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? [];
}

/** Counts words in 64 slots. A vector is never all zeros, and its numbers are exact as float32. */
export function embed(input: string): number[] {
  const vector = new Array<number>(64).fill(1 / 64);
  for (const word of wordsOf(input)) {
    let slot = 7;
    for (const letter of word) slot = (slot * 31 + (letter.codePointAt(0) ?? 0)) % 64;
    vector[slot] = (vector[slot] ?? 0) + 1;
  }
  return vector;
}

/** Scored by the share of the query's words that a document has; sorted as the API sorts. */
function rank(query: string, documents: readonly unknown[]) {
  const asked = [...new Set(wordsOf(query))];
  const results = documents.map((document, index) => {
    const words = new Set(wordsOf(document));
    const hits = asked.filter((word) => words.has(word)).length;
    return { index, relevance_score: hits / Math.max(1, asked.length), document: {} };
  });
  return results.sort((a, b) => b.relevance_score - a.relevance_score);
}
