/** A request on a socket -> what tests need to know about it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { documentsOf, inputsOf } from "./honest.ts";

/** The server's side of an exchange. */
export type Reply = ServerResponse<IncomingMessage>;

/** One request, read to its end. */
export class Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
  /** Milliseconds on a steady clock. */
  readonly receivedAt = performance.now();
  /** The texts of a request for embeddings. */
  readonly inputs: string[];
  /** The documents of a request for a ranking. */
  readonly documents: unknown[];
  readonly #reply: Reply;
  readonly #over: Promise<"answered" | "closed">;

  constructor(message: IncomingMessage, body: string, reply: Reply) {
    this.method = message.method ?? "";
    this.path = message.url ?? "";
    this.headers = message.headers;
    this.body = JSON.parse(body) as Record<string, unknown>;
    this.inputs = inputsOf(this.body);
    this.documents = documentsOf(this.body);
    this.#reply = reply;
    this.#over = new Promise((resolve) => {
      reply.once("close", () => resolve(reply.writableFinished ? "answered" : "closed"));
    });
  }

  /** Whether the whole answer was handed to the socket. */
  get replied(): boolean {
    return this.#reply.writableEnded;
  }

  /** How the exchange ended: the answer was sent to its last byte, or the connection closed before. */
  whenOver(): Promise<"answered" | "closed"> {
    return this.#over;
  }
}

/** The body of a message, as text. */
export async function readBody(message: IncomingMessage): Promise<string> {
  let body = "";
  message.setEncoding("utf8");
  for await (const part of message) body += part;
  return body;
}
