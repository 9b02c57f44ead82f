/**
 * An API -> a caching proxy that asks it for each text and each pair only once, and reverses the order of its answers. So every
 * door can ask for all vectors and scores, and a client that trusts the order of an answer gets wrong numbers.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Api {
  /** With its `/v1`. */
  url: string;
  apiKey: string;
}

export interface Keeper extends Api {
  /** Texts embedded and pairs scored by the API itself. */
  readonly asked: { texts: number; pairs: number };
  close(): Promise<void>;
}

interface EmbeddingsBody {
  model: string;
  input: string[];
}

interface RerankBody {
  model: string;
  query: string;
  documents: string[];
}

interface EmbeddingRow {
  index: number;
  embedding: number[];
}

interface ScoreRow {
  index: number;
  relevance_score: number;
}

/** An error of the API, which is passed on unchanged. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
    readonly headers: Record<string, string>,
  ) {
    super(`The API answered ${status}`);
  }
}

/** How much of a run's work travels in one request to the API. */
const BATCH = 32;

export async function startKeeper(api: Api): Promise<Keeper> {
  const asked = { texts: 0, pairs: 0 };
  const vectors = new Map<string, Promise<number[]>>();
  const scores = new Map<string, Promise<number>>();

  async function embeddings({ model, input }: EmbeddingsBody) {
    const found = await keepAll(vectors, input, (texts) => {
      asked.texts += texts.length;
      return askInBatches(texts, async (part) => {
        const { data } = await ask(api, "/embeddings", { model, input: part });
        return inOrder(data as EmbeddingRow[], ({ embedding }) => embedding);
      });
    });
    const data = found.map((embedding, index) => ({ object: "embedding", index, embedding })).reverse();
    return { object: "list", model, data };
  }

  /** Pairs are kept one by one: true for pointwise models, whose scores do not depend on the other documents of a request. */
  async function rerank({ model, query, documents }: RerankBody) {
    const keys = documents.map((document) => JSON.stringify([query, document]));
    const found = await keepAll(scores, keys, (missing) => {
      asked.pairs += missing.length;
      const missed = missing.map((key) => JSON.parse(key)[1] as string);
      return askInBatches(missed, async (part) => {
        const { results } = await ask(api, "/rerank", { model, query, documents: part });
        return inOrder(results as ScoreRow[], ({ relevance_score }) => relevance_score);
      });
    });
    const results = found.map((relevance_score, index) => ({ index, relevance_score, document: {} }));
    return { object: "rerank", model, results: results.reverse() };
  }

  async function answer(request: IncomingMessage): Promise<object> {
    const body = JSON.parse(await text(request));
    return request.url?.endsWith("/rerank") ? rerank(body) : embeddings(body);
  }

  const http = createServer((request, reply) => {
    answer(request).then(
      (body) => send(reply, 200, JSON.stringify(body)),
      (error: unknown) => {
        if (error instanceof Refusal) send(reply, error.status, error.body, error.headers);
        else send(reply, 500, JSON.stringify({ error: { message: String(error) } }));
      },
    );
  });
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`;
  const close = () => {
    http.closeAllConnections();
    return new Promise<void>((closed) => http.close(() => closed()));
  };
  return { url, apiKey: "any", asked, close };
}

function send(reply: ServerResponse, status: number, body: string, headers: Record<string, string> = {}) {
  reply.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
}

/** Value i belongs to key i. `make` is called only for keys that are neither cached nor in progress. */
async function keepAll<Value>(
  kept: Map<string, Promise<Value>>,
  keys: readonly string[],
  make: (missing: string[]) => Promise<Value[]>,
): Promise<Value[]> {
  const missing = [...new Set(keys)].filter((key) => !kept.has(key));
  if (missing.length > 0) {
    const made = make(missing);
    for (const [at, key] of missing.entries())
      kept.set(
        key,
        made.then((values) => values[at] as Value),
      );
    // After a failure the key is asked for again.
    made.catch(() => missing.forEach((key) => void kept.delete(key)));
  }
  return Promise.all(keys.map((key) => kept.get(key) as Promise<Value>));
}

async function askInBatches<Value>(items: string[], askFor: (part: string[]) => Promise<Value[]>) {
  const values: Value[] = [];
  for (let start = 0; start < items.length; start += BATCH) {
    values.push(...(await askFor(items.slice(start, start + BATCH))));
  }
  return values;
}

function inOrder<Row extends { index: number }, Value>(rows: Row[], read: (row: Row) => Value): Value[] {
  const values: Value[] = [];
  for (const row of rows) values[row.index] = read(row);
  return values;
}

export async function ask({ url, apiKey }: Api, path: string, body: object) {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (response.ok) return response.json();
  const waits = [...response.headers].filter(([name]) => /^(retry-after|x-ratelimit)/.test(name));
  throw new Refusal(response.status, await response.text(), Object.fromEntries(waits));
}
