/** A script of answers -> a real HTTP server that follows it, and records its requests. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, honest } from "./answers.ts";
import { type Reply, Request, readBody } from "./request.ts";

interface ServerOptions {
  /** How long a connection may be idle. @default 5,000, as Node's */
  keepAliveMs?: number;
  /** The address to listen on. @default 127.0.0.1 */
  host?: string;
}

export async function startServer({
  keepAliveMs = 5_000,
  host = "127.0.0.1",
}: ServerOptions = {}): Promise<AwkwardServer> {
  const http = createServer({ keepAliveTimeout: keepAliveMs });
  await new Promise<void>((listening) => http.listen(0, host, listening));
  return new AwkwardServer(http);
}

export class AwkwardServer {
  /** The base URL for a client. */
  readonly baseURL: string;
  /** Every request so far, in the order of arrival. */
  readonly requests: Request[] = [];
  /** Sockets that are open now. */
  openConnections = 0;
  /** The number of requests that wait for their answer: now, and the most so far. */
  inFlight = 0;
  mostInFlight = 0;
  readonly #http: Server;
  readonly #script: Answer[] = [];
  #fallback: Answer = honest();
  readonly #arrivals = new Map<number, (request: Request) => void>();
  #awaited = 0;
  readonly #arrived = new Count();
  readonly #givenUp = new Count();

  constructor(http: Server) {
    this.#http = http;
    const { address, port, family } = http.address() as AddressInfo;
    this.baseURL = `http://${family === "IPv6" ? `[${address}]` : address}:${port}/v1`;
    http.on("connection", (socket) => {
      this.openConnections++;
      socket.once("close", () => this.openConnections--);
    });
    http.on("request", async (message, reply) => {
      // If a client disconnects while its request is being read, the request is not recorded.
      const body = await readBody(message).catch(() => undefined);
      if (body !== undefined) await this.#follow(new Request(message, body, reply), reply);
    });
  }

  /** The answers to the next requests, one each. Later requests get the right answer. */
  script(...answers: Answer[]): void {
    this.#script.push(...answers);
  }

  /** The answer to every request after the script. */
  always(answer: Answer): void {
    this.#fallback = answer;
  }

  /** The next request for which no earlier call has waited. */
  async nextRequest(): Promise<Request> {
    const at = this.#awaited++;
    return this.requests[at] ?? new Promise((arrived) => this.#arrivals.set(at, arrived));
  }

  /** Resolves once that many requests have come. */
  arrived(count: number): Promise<void> {
    return this.#arrived.reached(count);
  }

  /** Resolves once clients have given up that many requests before their answer. */
  givenUp(count: number): Promise<void> {
    return this.#givenUp.reached(count);
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((closed) => this.#http.close(closed));
  }

  async #follow(request: Request, reply: Reply): Promise<void> {
    const answer = this.#script.shift() ?? this.#fallback;
    const at = this.requests.push(request) - 1;
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    reply.once("close", () => {
      this.inFlight--;
      if (!reply.writableFinished) this.#givenUp.add();
    });
    this.#arrived.add();
    this.#arrivals.get(at)?.(request);
    await answer(request, reply);
  }
}

/** A number that only grows, with promises for its values. */
class Count {
  #count = 0;
  readonly #waiting: { count: number; resolve: () => void }[] = [];

  add(): void {
    this.#count++;
    for (const { count, resolve } of this.#waiting) if (count <= this.#count) resolve();
  }

  async reached(count: number): Promise<void> {
    if (this.#count < count) await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
  }
}
