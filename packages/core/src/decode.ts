/** The JSON value of an answer -> checked vectors or scores, in request order. */
import { requestIdOf } from "./api-error.ts";
import { decodeFloats } from "./base64.ts";
import { isRecord } from "./check.ts";
import { TogetherResponseError } from "./errors.ts";
import { redact, redactName } from "./redact.ts";
import { wordsOf } from "./refusal.ts";
import type { ApiAnswer } from "./transport.ts";

/** Decoded items in request order, and the tokens that the answer reports. */
export interface Decoded<Item> {
  items: Item[];
  promptTokens: number | undefined;
}

type Entry = Record<string, unknown>;
/** Throws for an answer that does not fit. */
type Refuse = (what: string) => never;

/**
 * Vectors (`number[][]`), vector i for text i of the request.
 * @param indices The caller's index of each text of the request, for error messages
 * @param dimensions The length of every vector, if it is known; all vectors must be equally long in any case
 * @throws TogetherResponseError
 */
export function decodeEmbeddings(
  answer: ApiAnswer,
  indices: readonly number[],
  dimensions?: number,
): Decoded<number[]> {
  let expected = dimensions;
  const way = dimensions ? ": set `profile` to the model that answers, or to `false`" : "";
  return decode(answer, "data", indices, ({ embedding }, index, refuse) => {
    const name = `the embedding of input ${index}`;
    const vector = readVector(embedding, name, refuse);
    for (const value of vector)
      if (!Number.isFinite(value)) refuse(`${name} holds something that is not a finite number`);
    expected ??= vector.length;
    if (vector.length !== expected)
      refuse(
        `${name} has ${vector.length} dimensions where the profile, or the others, have ${expected}${way}`,
      );
    return vector as number[];
  });
}

/** The numbers of a vector, not yet checked. Some servers wrap the vector in a list of one row. */
function readVector(given: unknown, name: string, refuse: Refuse): unknown[] {
  const isText = typeof given === "string";
  const embedding = isText ? decodeFloats(given) : given;
  if (!Array.isArray(embedding) || embedding.length === 0)
    return refuse(`${name} is not a vector${isText ? ", nor base64 of floats" : ""}`);
  if (!Array.isArray(embedding[0])) return embedding;
  if (embedding.length === 1) return readVector(embedding[0], name, refuse);
  return refuse(
    `${name} is ${embedding.length} vectors. A multi-vector model, such as ColBERT, gives one for each token: choose a \`model\` that gives one for each text`,
  );
}

/** Relevance scores, score i for document i of the request. @throws TogetherResponseError */
export function decodeRanking(answer: ApiAnswer, indices: readonly number[]): Decoded<number> {
  return decode(answer, "results", indices, (entry, index, refuse) => {
    const score = entry.relevance_score ?? entry.score;
    if (Number.isFinite(score)) return score as number;
    return refuse(`the score of document ${index} is not a finite number`);
  });
}

/** The list of the answer, by `index`; by position only if every `index` is absent. */
function decode<Item>(
  { body, headers, sent }: ApiAnswer,
  key: string,
  indices: readonly number[],
  read: (entry: Entry, callersIndex: number, refuse: Refuse) => Item,
): Decoded<Item> {
  const { secrets, hint } = sent;
  const refuse: Refuse = (what) => {
    const id = requestIdOf(headers) ?? (isRecord(body) ? body.id : undefined);
    const requestId = typeof id === "string" ? redactName(id, secrets) : undefined;
    const words = `The API answered with something that does not fit: ${what}${what.endsWith("?") ? "" : "."} Nothing of it was used.`;
    throw new TogetherResponseError(requestId ? `${words} (Request ${requestId})` : words, requestId);
  };
  if (typeof body !== "object" || body === null) {
    const came = headers.get("content-type")?.includes("html") ? ", but an HTML page" : "";
    return refuse(
      `it is not a JSON object${came}. Check that \`baseURL\` is the API's${hint && `. ${hint}`}`,
    );
  }
  const entries = findList(body, key);
  const words = entries?.length ? null : wordsOf(body);
  if (words) {
    const told = redact(words, secrets).replace(/[.\s]+$/, "");
    return refuse(
      `it is an error, "${told}". Check that \`baseURL\` leads to a server that can do this, and \`model\`${hint && `. ${hint}`}`,
    );
  }
  if (!entries) return refuse(`\`${key}\` is not an array`);
  const count = indices.length;
  if (entries.length !== count) refuse(`\`${key}\` has ${entries.length} entries for ${count} inputs`);
  const byPosition = entries.every((entry) => indexOf(entry) === undefined);
  const items = new Array<Item>(count);
  for (const [position, entry] of entries.entries()) {
    const name = `\`${key}[${position}]\``;
    if (!isRecord(entry)) return refuse(`${name} is not an object`);
    const index = byPosition ? position : (indexOf(entry) as number);
    // There are as many entries as inputs, so a missing index always means that another is repeated or out of range.
    if (!(Number.isInteger(index) && index >= 0 && index < count))
      refuse(`${name} has no index from 0 to ${count - 1}`);
    if (index in items) refuse(`index ${index} comes twice in \`${key}\``);
    items[index] = read(entry, indices[index] as number, refuse);
  }
  return { items, promptTokens: readPromptTokens(body, entries) };
}

/** The members in which servers put the list. The whole answer may also be the list. */
const LISTS = ["results", "data", "response"];

function findList(body: object, key: string): unknown[] | undefined {
  for (const place of [body, (body as Entry).result]) {
    if (Array.isArray(place)) return place;
    const list = isRecord(place) && [key, ...LISTS].map((name) => place[name]).find(Array.isArray);
    if (list) return list;
  }
  return undefined;
}

/** Some servers call the index `id`. An `id` that is a string is a name, not an index. */
function indexOf(entry: unknown): unknown {
  const { index, id } = (entry ?? {}) as Entry;
  return index === undefined && typeof id === "number" ? id : index;
}

/** The prompt tokens that an answer reports. Absent, null or strange members count as not reported, and so does 0. */
function readPromptTokens(body: object, entries: readonly unknown[]): number | undefined {
  const told = [
    ["usage", "prompt_tokens"],
    ["usage", "total_tokens"],
    ["meta", "tokens", "input_tokens"],
    ["meta", "billed_units", "total_tokens"],
  ].map((path) => path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), body));
  const each = entries.map((entry) => Number((entry as { meta_info?: Entry }).meta_info?.prompt_tokens));
  return [...told, each.reduce((sum, tokens) => sum + tokens, 0)].find(isCount);
}

function isCount(tokens: unknown): tokens is number {
  return Number.isFinite(tokens) && (tokens as number) > 0;
}
