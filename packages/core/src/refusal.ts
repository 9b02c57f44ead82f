/** The body of an error, in the shape of any known server -> its words, code, type and param, and what the refusal is about. */
import { isRecord } from "./check.ts";

/** What a refusal is about: an argument that may be left out, perhaps one of the inputs, or the request as a whole. */
export type Subject = "encoding_format" | "return_documents" | "one input" | "request";

/** What a body says. Members that it does not have are null. */
export interface Refusal {
  words: string | null;
  code: string | null;
  type: string | null;
  /** The refused argument: the first one that the body points to. */
  param: string | null;
  id: string | null;
}

/** The members that hold words, the most precise first. `input` is not among them, because it repeats what was sent. */
const WORDS = ["error", "message", "detail", "msg", "errors"];

/** The first words in a body: `error.message`, `error`, `message`, `detail`, `detail.error`, `detail[].msg`, `errors[].message`. */
export function wordsOf(body: unknown): string | null {
  if (typeof body === "string") return said(body);
  if (Array.isArray(body)) return first(body, wordsOf);
  return isRecord(body) ? first(WORDS, (name) => wordsOf(body[name])) : null;
}

export function readRefusal(body: unknown, status: number): Refusal {
  const parts = partsOf(body);
  const find = (...names: string[]) =>
    first(parts, (part) => first(names, (name) => said([part[name]].flat().join("."))));
  // Some servers repeat the status as the code, also in words ("400 Bad Request"), which adds nothing.
  const beside = (name: string | null) => (name && statusIn(name) === status ? null : name);
  return {
    words: wordsOf(body),
    code: beside(find("code")),
    type: beside(find("type", "error_type")),
    param: find("param", "loc", "field"),
    id: find("id", "request_id"),
  };
}

/** The objects of a body that may say something of the refusal. Gemini wraps all of it in a list. */
function partsOf(body: unknown): Record<string, unknown>[] {
  return [body]
    .flat()
    .filter(isRecord)
    .flatMap(({ error, detail, errors, ...rest }) => [error, detail, errors, rest].flat().filter(isRecord));
}

/** Gateways written in Python or Go write these where they have nothing to say. */
const NOTHING = /^(["'<([{-]*(|none|null|nil|undefined|false|0|n\/a|unknown|object Object)["'>)\]}-]*)$/i;

function said(value: string): string | null {
  const words = value.trim();
  return NOTHING.test(words) ? null : words;
}

/** The status with which a code begins: 429, "429", "429 Too Many Requests". */
function statusIn(code: unknown): number {
  const [, status] = /^\s*(\d{3})(\s|\.0|$)/.exec(String(code)) ?? [];
  return Number(status ?? 0);
}

function first<Item, Found>(items: readonly Item[], find: (item: Item) => Found | null): Found | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

const STATUS_NAMES = ["status", "status_code", "statusCode", "code"];

/** The status of an error inside a 2xx answer without a list; 0 for none. Gateways wrap the errors of the servers behind them. */
export function wrappedStatus(body: unknown): number {
  if (!isRecord(body) || !wordsOf(body) || [body.data, body.results].flat().some(Boolean)) return 0;
  const told = partsOf(body).flatMap((part) => STATUS_NAMES.map((name) => statusIn(part[name])));
  return told.find((status) => status >= 400 && status < 600) ?? 0;
}

/** Codes and types that concern the request as a whole. */
const SHARED_CODE =
  /model|endpoint|argument|encoding|key|auth|billing|quota|budget|balance|not_found|extra|unknown/i;
/** Words about the request as a whole: its model, its key, its payment, a member that the server does not know. */
const SHARED_WORDS =
  /\bmodel\b.{0,160}\b(not exist|not found|not loaded|not available|unknown)|(invalid|unknown|unsupported|no such) model|no models? (is )?loaded|load a model|engine for model|api[ -]?key|unauthori[sz]ed|budget|balance|billing|quota|unrecognized|unknown (field|argument|parameter)|extra (field|input)|unexpected (keyword|endpoint)|not a valid field/i;
/** A pointer into the inputs: `input`, `body.input.3`, `input_tokens`, `documents`. */
const INPUT_POINTER = /(^|[^a-z_])(input|text|document|content|prompt)s?(_(text|tokens|ids))?($|[^a-z_])/i;
const ENCODING = /encoding[ _]?format|base64/i;
/** The words of servers that answer 500 for a text that does not fit the model. "Took too long" is about time. */
const TOO_LONG =
  /(?<!t(?:ook|ak\w+) )too (large|long)|context[ _](length|size|window)|(exceed|maximum).*context/i;

/** The words of text-embeddings-inference (with a 424, which else may pass) and of vLLM. */
const WRONG_KIND = /\bmodel (is not an? [\w-]+ model\b|does not support .{0,20}(embedding|rerank|score))/i;

/** Whether a model of this kind can never answer on this route: an embedding model does not rank, and the other way round. */
export function isOfWrongKind(words: string): boolean {
  return WRONG_KIND.test(words);
}

/** Words about length. Such a refusal may be about a single text that is too long. */
export const LENGTH_WORDS =
  /too (large|long|big|many)|length|token|context|exceed|max|limit|characters|size/i;

/** `sent`: the members of the request's body. `words` and the rest are the server's, without the caller's texts. */
export function subjectOfRefusal(
  { words, code, type, param }: Refusal,
  status: number,
  sent: Record<string, unknown>,
): Subject {
  const all = [words, code, type, param].join("\n");
  // LiteLLM answers 500 if the server behind it does not know an argument.
  if (status <= 500 && "encoding_format" in sent && ENCODING.test(all)) return "encoding_format";
  if (status <= 500 && "return_documents" in sent && /return_documents/.test(all)) return "return_documents";
  if (status === 413) return "one input";
  // Together answers 403 for a key without the right, and for a text over the model's context.
  if (status === 500 || status === 403) return TOO_LONG.test(all) ? "one input" : "request";
  if (status !== 400 && status !== 422) return "request";
  if (param !== null && !INPUT_POINTER.test(param)) return "request";
  if (SHARED_CODE.test(`${code} ${type}`)) return "request";
  if (SHARED_WORDS.test(words ?? "") || isOfWrongKind(words ?? "")) return "request";
  // The query is part of every rerank request. If the words also name a document, only both together may be too long.
  const isAboutQuery = "query" in sent && /\bquery\b/i.test(all) && !/document/i.test(all);
  return isAboutQuery ? "request" : "one input";
}
