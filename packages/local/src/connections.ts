/** A server's connections -> closed connections. Answers in flight are finished; nothing else is waited for. */
import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

const checkMs = 20;

/** Knows which connections are open and which of them wait for an answer. */
export class Connections {
  readonly #server: Server;
  readonly #patienceMs: number;
  readonly #open = new Set<Socket>();
  readonly #unanswered = new Set<ServerResponse>();

  /** `patienceMs`: how long a closing server waits for a client to send its body, or to read its answer. */
  constructor(server: Server, patienceMs = 5000) {
    this.#server = server;
    this.#patienceMs = patienceMs;
    server.on("connection", (socket) => {
      this.#open.add(socket);
      socket.once("close", () => this.#open.delete(socket));
    });
    server.on("request", (_, response) => {
      this.#unanswered.add(response);
      response.once("close", () => this.#unanswered.delete(response));
    });
  }

  /**
   * Ends connections that ask for nothing at once (Node itself waits for those that are silent or have sent half a request), and
   * the others when they are answered.
   */
  async end(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const since = new Map<ServerResponse, number>();
    const check = () => {
      for (const response of this.#unanswered) {
        if (!waitsForClient(response)) continue;
        const began = since.get(response) ?? performance.now();
        since.set(response, began);
        if (performance.now() - began >= this.#patienceMs) response.destroy();
      }
      const busy = new Set([...this.#unanswered].map(({ req }) => req.socket));
      for (const socket of this.#open) if (!busy.has(socket)) socket.destroySoon();
    };
    check();
    const checking = setInterval(check, checkMs);
    await closed;
    clearInterval(checking);
  }
}

/** While the body arrives, and once the answer has begun, the server waits for the client and not for the model. */
function waitsForClient({ req, headersSent }: ServerResponse): boolean {
  return !req.complete || headersSent;
}
