/** A server of embeddings whose vectors can be checked. It counts which texts were paid for with which key, and can hold answers back. */
import { setTimeout as delay } from "node:timers/promises";
import { embeddings, refuse } from "@together-retrieval/test-server/answers";
import type { Reply, Request } from "@together-retrieval/test-server/request";
import { type AwkwardServer, startServer } from "@together-retrieval/test-server/server";

/** The dimensions of the test server's vectors. */
export const dimensions = 8;

/** What a request gets: an answer after a while, or a refusal. */
export interface Verdict {
  status?: number;
  headers?: Record<string, string>;
  /** The model that the answer names. @default the one that was asked for */
  model?: string;
}

export interface PaidRequest {
  /** The key of the request. Each process has a key of its own. */
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
  /** Decides what a request gets. It is awaited before the answer. */
  judge: (request: PaidRequest) => Promise<Verdict> | Verdict = () => ({});
  /** Called when a request has come, and when its answer was sent. */
  onEvent: (event: "came" | "answered", key: string) => void = () => {};
  #server: AwkwardServer | undefined;

  async start(): Promise<void> {
    this.#server = await startServer({ keepAliveMs: 60_000 });
    this.#server.always((request, reply) => this.#answer(request, reply));
    this.baseURL = this.#server.baseURL;
  }

  /** How many texts were paid for in total, and how many of them had been paid for before. */
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
    await this.#server?.close();
  }

  async #answer(request: Request, reply: Reply): Promise<void> {
    const { inputs: texts } = request;
    const key = (request.headers.authorization ?? "").replace("Bearer ", "");
    this.requests++;
    this.onEvent("came", key);
    const [verdict] = await Promise.all([this.judge({ key, texts }), delay(this.latencyMs)]);
    const { status = 200, headers, model } = verdict;
    if (status === 429) this.refused429++;
    if (status !== 200) {
      await refuse(status, { message: "Try again later", type: "server_error" }, headers)(request, reply);
      return;
    }
    for (const text of texts) this.paid.set(text, (this.paid.get(text) ?? 0) + 1);
    await embeddings((body) => ({ ...body, ...(model && { model }) }))(request, reply);
    this.onEvent("answered", key);
  }
}
