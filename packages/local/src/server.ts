/** options -> a server that listens, with the model in its own thread */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "./app.ts";
import { Arrivals } from "./arrivals.ts";
import { Budget } from "./budget.ts";
import { Connections } from "./connections.ts";
import { FaultLayer } from "./fault-layer.ts";
import { knownLengths } from "./known-models.ts";
import { createLog } from "./log.ts";
import { type CheckedOptions, checkOptions, type LocalServerOptions } from "./options.ts";
import type { Service } from "./service.ts";
import { InferenceThread } from "./thread.ts";
import { wires } from "./wires.ts";

/** A running server. */
export interface LocalServer {
  /** What a client takes as its base URL: `http://127.0.0.1:PORT/v1`, or without `/v1` for wires that have it so. */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no new requests, finishes those that are in flight, and frees the port and the model. A client that does not send
   * its body, or does not read its answer, is waited for five seconds.
   */
  close(): Promise<void>;
}

/**
 * Starts the server. The promise is fulfilled when it listens and its model is loaded.
 *
 * @throws TypeError for an option that does not fit; Error when the port is taken or the model cannot be loaded.
 */
export async function startLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const checked = checkOptions(options);
  const thread = await InferenceThread.start(checked.modelDir);
  const closing = new AbortController();
  try {
    checkDimensions(checked.dimensions, thread.dimensions);
    const app = createApp(createService(checked, thread, closing.signal));
    // The server runs in other people's processes, so it must not replace their global Request and Response.
    const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
    const connections = new Connections(server);
    const port = await listen(server, checked.port, checked.host);
    const end = async () => {
      closing.abort();
      await connections.end();
      await thread.close();
    };
    let ended: Promise<void> | undefined;
    return {
      url: `http://${reachable(checked.host)}:${port}${wires[checked.wire].base}`,
      port,
      close: () => (ended ??= end()),
    };
  } catch (error) {
    await thread.close();
    throw error;
  }
}

function createService(options: CheckedOptions, thread: InferenceThread, closing: AbortSignal): Service {
  const { dimensions, faults, apiKey, maxBodyBytes } = options;
  // A map, because clients choose the model's name, and an object has a "constructor" too.
  const byModel = new Map(Object.entries(dimensions));
  const wire = wires[options.wire];
  return {
    wire,
    thread,
    modelName: options.modelName,
    dimensions: (model) => {
      const asked = typeof dimensions === "number" ? dimensions : byModel.get(model);
      return asked ?? Math.max(thread.dimensions, knownLengths.get(model) ?? 0);
    },
    apiKey,
    bodies: new Budget(maxBodyBytes, Math.max(16 * 2 ** 20, 8 * maxBodyBytes)),
    answers: new Budget(2 ** 23, 2 ** 25),
    log: createLog(options.log),
    misbehaviour: faults && {
      layer: new FaultLayer(faults, thread, wire, closing),
      arrivals: new Arrivals(),
    },
  };
}

/** Vectors are padded but never cut, because a cut vector would mean something else. */
function checkDimensions(wanted: CheckedOptions["dimensions"], own: number): void {
  const tooFew = Object.values(typeof wanted === "number" ? [wanted] : wanted).find((width) => width < own);
  if (tooFew === undefined) return;
  throw new TypeError(`Expected \`dimensions\` to be at least the model's ${own}, got \`${tooFew}\``);
}

/** @throws Error in one line if the server cannot listen on the address. */
async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "it is taken by another program" : error.message;
      reject(new Error(`Cannot listen on port ${port} of ${host}: ${why}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** The address under which this machine reaches the server. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
