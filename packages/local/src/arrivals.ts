/** Requests -> a bounded list of them, and a log line for each. */
import type { HttpBindings } from "@hono/node-server";
import { asJson, jsonOf } from "./json.ts";

/** One request, as `GET /_requests` shows it. */
export interface Arrival {
  id: string;
  /** When it came, as ISO 8601. */
  at: string;
  method: string;
  path: string;
  /** The headers, without the key. */
  headers: Record<string, string>;
  /** The body as JSON, or as text where it is not; null when it is empty or above 100,000 bytes. */
  body: unknown;
  /** Texts, documents or messages in it. */
  texts: number;
  /** The faults that were applied to it. */
  faults: string[];
  /** Null until the answer begins; 499 if the client closed the connection before that. */
  status: number | null;
  /** Milliseconds from its arrival to its answer; null before the answer. */
  ms: number | null;
}

/** What the routes read and write of a request on its way. */
export interface Env {
  Bindings: HttpBindings;
  Variables: {
    arrival: Arrival;
    body: Uint8Array;
    /** Notes the status and the time, and writes the log; only the first call counts. */
    answered: (status: number) => void;
  };
}

const kept = 1000;
const maxBodyBytes = 100_000;

/** The latest thousand requests. */
export class Arrivals {
  readonly #list: Arrival[] = [];

  add(arrival: Arrival): void {
    this.#list.push(arrival);
    if (this.#list.length > kept) this.#list.shift();
  }

  list(): Arrival[] {
    return this.#list;
  }

  clear(): void {
    this.#list.length = 0;
  }
}

/** The headers without secrets. */
export function withoutKey(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name !== "authorization" && name !== "cookie"));
}

/** The body as it is kept. */
export function asShown(body: Uint8Array): unknown {
  if (body.length === 0 || body.length > maxBodyBytes) return null;
  const value = jsonOf(body);
  return value !== undefined && asJson(value) !== undefined ? value : new TextDecoder().decode(body);
}

/** The texts of a request: its `input`, or its query and `documents` (for text-embeddings-inference `texts`), or its messages' contents. */
export function textsOf(body: Uint8Array): string[] {
  const {
    input,
    query,
    texts,
    documents = texts,
    messages,
  } = (jsonOf(body) ?? {}) as Record<string, unknown>;
  const list = (value: unknown) => (Array.isArray(value) ? value : []);
  if (typeof input === "string") return [input];
  const found = [...list(input), ...list(documents), ...list(messages).map((message) => message?.content)];
  if (Array.isArray(documents) && typeof query === "string") found.unshift(query);
  return found.map((value) => (typeof value === "string" ? value : (asJson(value) ?? "")));
}
