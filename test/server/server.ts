/** A script of answers -> a real HTTP server that follows it, and remembers what it was asked. */
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
  /** What a client takes as its base URL. */
  readonly baseURL: string;
  /** Every request so far, in the order of arrival. */
  readonly requests: Request[] = [];
  /** Sockets that are open now. */
  openConnections = 0;
  /** Requests that wait for their answer, now and at most. */
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
      // A client that goes away while it is being read leaves no request.
      const body = await readBody(message).catch(() => undefined);
      if (body !== undefined) await this.#follow(new Request(message, body, reply), reply);
    });
  }

  /** Answers for the requests to come, one each; honest ones after that. */
  script(...answers: Answer[]): void {
    this.#script.push(...answers);
  }

  /** The answer for every request that the script does not provide for. */
  always(answer: Answer): void {
    this.#fallback = answer;
  }

  /** The next request that no earlier call waited for. */
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

/** A number that only grows, and can be waited for. */
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
