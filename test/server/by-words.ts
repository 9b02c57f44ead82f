/** Requests of the wire -> plain, repeatable answers, or whatever a test asks for. Real sockets, no network. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface SeenRequest {
  path: string;
  authorization: string | undefined;
  body: {
    model: string;
    input?: string[];
    encoding_format?: string;
    query?: string;
    documents?: unknown[];
    rank_fields?: string[];
    top_n?: number;
  };
}

/** An answer other than the usual one; `"silence"` never answers. */
export type Answer = { status?: number; headers?: Record<string, string>; body: unknown } | "silence";

export interface TestServer {
  baseURL: string;
  requests: SeenRequest[];
  /** Resolves once that many requests have come. */
  arrived(count: number): Promise<void>;
  /** Resolves once that many requests were given up by the client before their answer. */
  givenUp(count: number): Promise<void>;
}

/** Closes by itself when the test is over. */
export async function startServer(
  answer?: (request: SeenRequest) => Answer | undefined,
): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  const arrivals = new Counter();
  const departures = new Counter();
  const server = createServer(async (incoming, outgoing) => {
    outgoing.once("close", () => outgoing.writableFinished || departures.increment());
    const request = await readRequest(incoming);
    requests.push(request);
    arrivals.increment();
    const said = answer?.(request) ?? { body: usualAnswer(request) };
    if (said !== "silence") send(outgoing, said);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requests,
    arrived: (count) => arrivals.reach(count),
    givenUp: (count) => departures.reach(count),
  };
}

class Counter {
  #count = 0;
  #waiting: { count: number; resolve: () => void }[] = [];

  increment(): void {
    this.#count++;
    for (const { count, resolve } of this.#waiting) if (count <= this.#count) resolve();
  }

  reach(count: number): Promise<void> {
    if (this.#count >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  const body = JSON.parse(await text(incoming));
  return { path: incoming.url ?? "", authorization: incoming.headers.authorization, body };
}

function send(outgoing: ServerResponse, { status = 200, headers, body }: Exclude<Answer, "silence">): void {
  outgoing.writeHead(status, { "content-type": "application/json", ...headers });
  outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
}

function usualAnswer({ path, body }: SeenRequest): object {
  if (path.endsWith("/rerank")) {
    const documents = body.documents ?? [];
    return { model: body.model, results: rank(body.query ?? "", documents).slice(0, body.top_n) };
  }
  const inputs = [body.input ?? []].flat();
  const data = inputs.map((input, index) => ({
    object: "embedding",
    index,
    embedding: body.encoding_format === "base64" ? toBase64(embed(input)) : embed(input),
  }));
  return { object: "list", model: body.model, data, usage: { prompt_tokens: inputs.length } };
}

function wordsOf(value: unknown): string[] {
  const words = typeof value === "string" ? value : Object.values(value as object).join(" ");
  return words.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? [];
}

function toBase64(vector: number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString("base64");
}

/** Words counted into 64 slots: equal words, near vectors. Never all zeros, and the same as float32. */
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
