/** The bytes of an answer -> vectors or scores, each checked, each at its place. */
import { parseAnswer } from "./answer-json.ts";
import { decodeFloats } from "./base64.ts";
import { isRecord } from "./check.ts";
import { TogetherResponseError } from "./errors.ts";
import { redactName } from "./redact.ts";
import type { ApiAnswer } from "./transport.ts";
import { readPromptTokens } from "./usage.ts";

/** Decoded items in request order, and what the answer says it cost. */
export interface Decoded<Item> {
  items: Item[];
  promptTokens: number | undefined;
  requestId: string | undefined;
}

/** `count` vectors (`number[][]`), vector i for text i of the request. @throws TogetherResponseError */
export function decodeEmbeddings(answer: ApiAnswer, count: number): Decoded<number[]> {
  const { body, requestId } = parse(answer);
  const entries = list(body, "data", count, requestId);
  const items = place(entries, "data", requestId, (entry, index) =>
    readVector(entry.embedding, index, requestId),
  );
  return { items, promptTokens: readPromptTokens(body), requestId };
}

/** `count` relevance scores, score i for document i of the request. @throws TogetherResponseError */
export function decodeRanking(answer: ApiAnswer, count: number): Decoded<number> {
  const { body, requestId } = parse(answer);
  const entries = list(body, "results", count, requestId);
  const items = place(entries, "results", requestId, ({ relevance_score: score }, index) => {
    if (typeof score === "number" && Number.isFinite(score)) return score;
    throw unfit(`the score of document ${index} is not a finite number`, requestId);
  });
  return { items, promptTokens: readPromptTokens(body), requestId };
}

function parse({ bytes, headers, secrets }: ApiAnswer) {
  const body = parseJSON(bytes);
  const id = headers.get("x-request-id") ?? (isRecord(body) ? body.id : undefined);
  const requestId = typeof id === "string" ? redactName(id, secrets) : undefined;
  if (!isRecord(body)) throw unfit("it is not a JSON object. Check that `baseURL` is the API's", requestId);
  return { body, requestId };
}

function parseJSON(bytes: Uint8Array): unknown {
  try {
    return parseAnswer(bytes);
  } catch {
    // The parser's own message quotes the body, which may hold the caller's texts.
    return undefined;
  }
}

function list(body: Record<string, unknown>, key: string, count: number, requestId: string | undefined) {
  const entries = body[key];
  if (!Array.isArray(entries)) throw unfit(`\`${key}\` is not an array`, requestId);
  if (entries.length !== count) {
    throw unfit(`\`${key}\` has ${entries.length} entries for ${count} inputs`, requestId);
  }
  return entries as unknown[];
}

/** By `index`; by position only if every `index` is absent. */
function place<Item>(
  entries: unknown[],
  key: string,
  requestId: string | undefined,
  read: (entry: Record<string, unknown>, index: number) => Item,
): Item[] {
  const byPosition = entries.every((entry) => isRecord(entry) && entry.index === undefined);
  const items = new Array<Item>(entries.length);
  const seen = new Uint8Array(entries.length);
  for (const [position, entry] of entries.entries()) {
    if (!isRecord(entry)) throw unfit(`\`${key}[${position}]\` is not an object`, requestId);
    const index = byPosition ? position : entry.index;
    // Of as many entries as inputs, a missing index always shows as one that is repeated or out of range.
    if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= entries.length) {
      throw unfit(`\`${key}[${position}]\` has no index from 0 to ${entries.length - 1}`, requestId);
    }
    if (seen[index]) throw unfit(`index ${index} comes twice`, requestId);
    seen[index] = 1;
    items[index] = read(entry, index);
  }
  return items;
}

/** An array of numbers, or base64 of little-endian float32: either is understood whatever was asked for. */
function readVector(embedding: unknown, index: number, requestId: string | undefined): number[] {
  const vector = typeof embedding === "string" ? decodeFloats(embedding) : embedding;
  if (!Array.isArray(vector) || vector.length === 0) {
    throw unfit(`the embedding of input ${index} is not a vector`, requestId);
  }
  for (const value of vector) {
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw unfit(`the embedding of input ${index} holds something that is not a finite number`, requestId);
    }
  }
  return vector;
}

/** Every vector of a call has one length: the profile's, else that of the first that came. */
export class Dimensions {
  #expected: number | undefined;
  readonly #fromProfile: boolean;

  constructor(dimensions: number | undefined) {
    this.#expected = dimensions;
    this.#fromProfile = dimensions !== undefined;
  }

  check(vectors: readonly number[][], requestId: string | undefined): void {
    for (const { length } of vectors) {
      this.#expected ??= length;
      if (length === this.#expected) continue;
      const why = this.#fromProfile ? "the model's profile says" : "other vectors of this call have";
      throw unfit(`a vector has ${length} dimensions where ${why} ${this.#expected}`, requestId);
    }
  }
}

function unfit(what: string, requestId: string | undefined): TogetherResponseError {
  const words = `The API answered with something that does not fit: ${what}. Nothing of it was used.`;
  return new TogetherResponseError(requestId ? `${words} (Request ${requestId})` : words, requestId);
}
