/** The behaviour that a test needs -> how the server answers one request. */
import { setTimeout as delay } from "node:timers/promises";
import { type EmbeddingBody, embeddingBody, type RerankBody, rerankBody } from "./honest.ts";
import type { Reply, Request } from "./request.ts";

/** Answers one request, or leaves it open. */
export type Answer = (request: Request, reply: Reply) => void | Promise<void>;

type Headers = Record<string, string>;

/** A JSON answer, or text when `body` is a string. */
export function answer(status: number, body: unknown, headers: Headers = {}): Answer {
  return (_, reply) => {
    const isText = typeof body === "string";
    reply.writeHead(status, { "content-type": isText ? "text/html" : "application/json", ...headers });
    reply.end(isText ? body : JSON.stringify(body));
  };
}

/** The right answer for the path. */
export function honest(headers: Headers = {}): Answer {
  return (request, reply) => answer(200, honestBody(request), headers)(request, reply);
}

export function honestBody(request: Request): EmbeddingBody | RerankBody {
  return /\/rerank(\?|$)/.test(request.path) ? rerankBody(request.body) : embeddingBody(request.body);
}

/** Vectors with the dimensions that a model promises. */
export function ofDimensions(dimensions: number): Answer {
  return (request, reply) => answer(200, embeddingBody(request.body, dimensions))(request, reply);
}

/** The right embeddings, changed by a function. */
export function embeddings(spoil: (body: EmbeddingBody, request: Request) => unknown): Answer {
  return (request, reply) => answer(200, spoil(embeddingBody(request.body), request))(request, reply);
}

/** The right ranking, changed by a function. */
export function ranking(spoil: (body: RerankBody, request: Request) => unknown): Answer {
  return (request, reply) => answer(200, spoil(rerankBody(request.body), request))(request, reply);
}

interface Refusal {
  message?: string;
  type?: string | null;
  param?: string | null;
  code?: string | null;
}

/** A refusal in the API's shape. */
export function refuse(status: number, refusal: Refusal = {}, headers: Headers = {}): Answer {
  const error = { message: `refused with ${status}`, type: null, param: null, code: null, ...refusal };
  return answer(status, { id: "body-id", error }, headers);
}

/** The HTML page of a proxy. */
export function page(status: number, title = "Bad gateway"): Answer {
  return answer(status, `<!DOCTYPE html><html><head><title>${title}</title></head><body>Sorry</body></html>`);
}

/** Answers once the promise is fulfilled. */
export function after(released: Promise<unknown>, then: Answer = honest()): Answer {
  return async (request, reply) => {
    await released;
    await then(request, reply);
  };
}

/** Never answers. */
export const silence: Answer = () => {};

/** The headers of a long answer, and nothing more. */
export const headersOnly: Answer = (_, reply) => {
  reply.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  reply.flushHeaders();
};

/** Half of the right body, and then nothing. */
export const halfBody: Answer = (request, reply) => writeHalf(request, reply);

/** Half of the right body, and then the connection breaks. */
export const cutBody: Answer = async (request, reply) => {
  await writeHalf(request, reply);
  reply.destroy();
};

function writeHalf(request: Request, reply: Reply): Promise<void> {
  const body = JSON.stringify(honestBody(request));
  reply.writeHead(200, { "content-type": "application/json", "content-length": String(body.length) });
  return new Promise((written) => reply.write(body.slice(0, body.length / 2), () => written()));
}

/** The connection breaks before any answer. */
export const reset: Answer = (_, reply) => {
  reply.socket?.resetAndDestroy();
};

/** The right body, one byte at a time. It is never silent for long, and never complete in time. */
export function drip(intervalMs: number): Answer {
  return async (request, reply) => {
    reply.writeHead(200, { "content-type": "application/json" });
    for (const byte of Buffer.from(JSON.stringify(honestBody(request)))) {
      if (reply.destroyed) return;
      reply.write(Buffer.of(byte));
      await delay(intervalMs);
    }
    reply.end();
  };
}

/** A promise, and the function that fulfils it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
