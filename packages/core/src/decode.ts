/** The JSON value of an answer -> vectors or scores, each checked, each at its place. */
import { isRecord } from "./check.ts";
import { TogetherResponseError } from "./errors.ts";
import { redactName } from "./redact.ts";
import type { ApiAnswer } from "./transport.ts";

/** Decoded items in request order, and what the answer says it cost. */
export interface Decoded<Item> {
  items: Item[];
  promptTokens: number | undefined;
}

type Entry = Record<string, unknown>;
/** Refuses the answer for what does not fit. */
type Refuse = (what: string) => never;

/**
 * `count` vectors (`number[][]`), vector i for text i of the request.
 * @param dimensions Of every vector, if they are known; all have the same in any case
 * @throws TogetherResponseError
 */
export function decodeEmbeddings(answer: ApiAnswer, count: number, dimensions?: number): Decoded<number[]> {
  let expected = dimensions;
  return decode(answer, "data", count, ({ embedding: vector }, index, refuse) => {
    const name = `the embedding of input ${index}`;
    if (!Array.isArray(vector) || vector.length === 0) return refuse(`${name} is not a vector`);
    for (const value of vector)
      if (!Number.isFinite(value)) refuse(`${name} holds something that is not a finite number`);
    expected ??= vector.length;
    if (vector.length !== expected)
      refuse(`${name} has ${vector.length} dimensions where the profile, or the others, have ${expected}`);
    return vector as number[];
  });
}

/** `count` relevance scores, score i for document i of the request. @throws TogetherResponseError */
export function decodeRanking(answer: ApiAnswer, count: number): Decoded<number> {
  return decode(answer, "results", count, ({ relevance_score: score }, index, refuse) =>
    Number.isFinite(score)
      ? (score as number)
      : refuse(`the score of document ${index} is not a finite number`),
  );
}

/** The list under `key`, by `index`; by position only if every `index` is absent. */
function decode<Item>(
  { body, headers, secrets }: ApiAnswer,
  key: string,
  count: number,
  read: (entry: Entry, index: number, refuse: Refuse) => Item,
): Decoded<Item> {
  const refuse: Refuse = (what) => {
    const id = headers.get("x-request-id") ?? (isRecord(body) ? body.id : undefined);
    const requestId = typeof id === "string" ? redactName(id, secrets) : undefined;
    const words = `The API answered with something that does not fit: ${what}. Nothing of it was used.`;
    throw new TogetherResponseError(requestId ? `${words} (Request ${requestId})` : words, requestId);
  };
  if (!isRecord(body)) return refuse("it is not a JSON object. Check that `baseURL` is the API's");
  const entries: unknown = body[key];
  if (!Array.isArray(entries)) return refuse(`\`${key}\` is not an array`);
  if (entries.length !== count) refuse(`\`${key}\` has ${entries.length} entries for ${count} inputs`);
  const byPosition = entries.every((entry) => entry?.index === undefined);
  const items = new Array<Item>(count);
  for (const [position, entry] of entries.entries()) {
    const name = `\`${key}[${position}]\``;
    if (!isRecord(entry)) return refuse(`${name} is not an object`);
    const index = byPosition ? position : (entry.index as number);
    // Of as many entries as inputs, a missing index always shows as one that is repeated or out of range.
    if (!(Number.isInteger(index) && index >= 0 && index < count))
      refuse(`${name} has no index from 0 to ${count - 1}`);
    if (index in items) refuse(`index ${index} comes twice`);
    items[index] = read(entry, index, refuse);
  }
  return { items, promptTokens: readPromptTokens(body) };
}

/** The tokens an answer tells of; absent, null or odd members count as not told. */
function readPromptTokens(answer: Record<string, unknown>): number | undefined {
  const tokens = (answer.usage as { prompt_tokens?: unknown } | null | undefined)?.prompt_tokens;
  return typeof tokens === "number" && Number.isFinite(tokens) && tokens >= 0 ? tokens : undefined;
}
