/** One job's requests -> its answers, by its plan; and the tally of what came. */
import { type Plan, type Tally, tokensOf } from "../plan.ts";
import { embeddingsAnswer, prepare, rerankAnswer } from "./answers.ts";
import { Bucket } from "./bucket.ts";
import { Delay } from "./delay.ts";

export interface JobRequest {
  input?: string | string[];
  encoding_format?: string;
  documents?: string[];
}

export interface JobAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  dueAt: number;
}

export class Job {
  readonly tally: Tally = {
    requests: 0,
    refused: 0,
    failed: 0,
    texts: 0,
    characters: 0,
    paddedCharacters: 0,
    base64: 0,
    slowestMs: 0,
  };
  readonly #plan: Plan;
  readonly #bucket: Bucket | undefined;
  readonly #delay: Delay;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#bucket = plan.limit && new Bucket(plan.limit);
    this.#delay = new Delay(plan.latency ?? { fixedMs: 0 });
    prepare(plan.dimensions);
  }

  answer(request: JobRequest, now: number): JobAnswer {
    const { tally } = this;
    const texts = request.documents ?? [request.input ?? []].flat();
    const tokens = texts.reduce((sum, text) => sum + tokensOf(text), 0);
    tally.requests++;
    const cost = this.#plan.limit?.unit === "tokens" ? tokens : 1;
    const { isAllowed, headers } = this.#bucket?.take(cost, now) ?? { isAllowed: true, headers: {} };
    const refuse = (status: number, type: string) => {
      const error = { message: "Try again later", type, param: null, code: null };
      const body = Buffer.from(JSON.stringify({ id: "bench", error }));
      return { status, headers, body, dueAt: this.#delay.dueAt(0, 0, now) };
    };
    if (!isAllowed) {
      tally.refused++;
      const isOfTokens = this.#plan.limit?.unit === "tokens";
      return refuse(429, isOfTokens ? "dynamic_token_limited" : "dynamic_request_limited");
    }
    if (Math.random() < (this.#plan.failShare ?? 0)) {
      tally.failed++;
      return refuse(503, "service_unavailable");
    }
    const padded = texts.length * Math.max(...texts.map(({ length }) => length));
    tally.texts += texts.length;
    tally.characters += texts.reduce((sum, { length }) => sum + length, 0);
    tally.paddedCharacters += padded;
    const dueAt = this.#delay.dueAt(texts.length, padded, now);
    return { status: 200, headers, body: this.#body(request, texts, tokens), dueAt };
  }

  #body(request: JobRequest, texts: string[], tokens: number): Buffer {
    if (request.documents) return rerankAnswer(texts, tokens);
    const encoding = request.encoding_format === "base64" ? "base64" : "float";
    if (encoding === "base64") this.tally.base64++;
    return embeddingsAnswer(texts, tokens, this.#plan.dimensions, encoding);
  }
}
