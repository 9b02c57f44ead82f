/** A server of embeddings whose vectors anyone can check, that knows what it was paid for, by whom, and can hold answers back */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { vectorOf } from "@together-retrieval/test-server/honest";

export const dimensions = 8;

/** What a request meets: an answer after a while, or a refusal. */
export interface Verdict {
  status?: number;
  headers?: Record<string, string>;
}

export interface PaidRequest {
  /** The key that it came with: one a process. */
  key: string;
  texts: string[];
}

export class CountingApi {
  baseURL = "";
  /** How often each text was answered with a vector. */
  readonly paid = new Map<string, number>();
  requests = 0;
  refused429 = 0;
  latencyMs = 0;
  /** Says what becomes of a request; awaited before the answer. */
  judge: (request: PaidRequest) => Promise<Verdict> | Verdict = () => ({});
  /** Told when a request has come, and when its answer was sent. */
  onEvent: (event: "came" | "answered", key: string) => void = () => {};
  #server: Server | undefined;

  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const key = (request.headers.authorization ?? "").replace("Bearer ", "");
      const { input, model } = JSON.parse(Buffer.concat(parts).toString()) as {
        input: string[];
        model: string;
      };
      this.requests++;
      this.onEvent("came", key);
      const [verdict] = await Promise.all([this.judge({ key, texts: input }), delay(this.latencyMs)]);
      const { status = 200, headers = {} } = verdict;
      if (status === 429) this.refused429++;
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(status === 200 ? this.#answer(model, input) : refusal(status)));
      if (status === 200) this.onEvent("answered", key);
    });
    this.#server = server;
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    this.baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  }

  /** Texts paid for in all, and those of them that had been paid for before. */
  get totals(): { texts: number; extra: number } {
    const counts = [...this.paid.values()];
    const texts = counts.reduce((sum, count) => sum + count, 0);
    return { texts, extra: texts - counts.length };
  }

  forget(): void {
    this.paid.clear();
    this.requests = 0;
    this.refused429 = 0;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((closed) => this.#server?.close(closed));
  }

  #answer(model: string, texts: string[]) {
    const data = texts.map((text, index) => {
      this.paid.set(text, (this.paid.get(text) ?? 0) + 1);
      const bytes = Buffer.from(Float32Array.from(vectorOf(text, dimensions)).buffer);
      return { object: "embedding", index, embedding: bytes.toString("base64") };
    });
    const usage = { prompt_tokens: texts.length, total_tokens: texts.length };
    return { object: "list", model, data, usage };
  }
}

function refusal(status: number) {
  return {
    id: "test",
    error: { message: "Try again later", type: "server_error", param: null, code: null },
    status,
  };
}
