/** options -> a server that listens. The first index is written while the page is already available. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { IngestError } from "@together-retrieval/ingest";
import { createApi } from "./api.ts";
import type { PlaygroundOptions } from "./arguments.ts";
import { BadInput } from "./bad-input.ts";
import { openPassageIndex, type PassageIndex } from "./index.ts";
import { type Documents, Indexes } from "./indexes.ts";
import { buildPage } from "./page-files.ts";
import { openService } from "./service.ts";

/** Questions about this repository's pages. The answers are in production.md, good-answers.md and scale.md. */
const ownPages: Documents = {
  paths: fileURLToPath(new URL("../../docs", import.meta.url)),
  format: "markdown",
  examples: [
    "How long does the client wait before a request times out?",
    "Which models want a prompt before the question?",
    "When should I add workers?",
  ],
};

export interface OpenPlayground {
  url: string;
  /** Stops all work, and frees the port, the models and the database. */
  close(): Promise<void>;
}

/** @throws BadInput for a path that does not exist, an index that cannot be used, and a port that is not free */
export async function openPlayground(options: PlaygroundOptions): Promise<OpenPlayground> {
  const { docs, index, schema } = options;
  if (docs !== undefined && !existsSync(docs))
    throw new BadInput(`--docs ${docs}: there is no such file or folder`);
  const written = index === undefined ? undefined : await openWritten(index, schema);
  try {
    const documents = docs === undefined ? ownPages : { paths: docs };
    return await serve(written ?? documents, options);
  } catch (error) {
    await written?.close();
    throw error;
  }
}

async function openWritten(index: string, schema: string | undefined): Promise<PassageIndex> {
  try {
    return await openPassageIndex(index, schema);
  } catch (error) {
    if (error instanceof BadInput) throw new BadInput(`--index ${index}: ${error.message}`);
    throw error instanceof IngestError ? new BadInput(`--index: ${error.message}`) : error;
  }
}

async function serve(
  from: PassageIndex | Documents,
  { port, live }: PlaygroundOptions,
): Promise<OpenPlayground> {
  const written = "handle" in from ? from : undefined;
  const documents = "handle" in from ? undefined : from;
  const { server, url } = await listen(port);
  const folder = await mkdtemp(join(tmpdir(), "together-playground-"));
  const opening = Promise.all([buildPage(), openService(live, written?.model)]);
  // Requests that come while it opens are answered afterwards. A page that was open before waits for that.
  const answering = opening.then(([page, service]) => {
    const indexes = new Indexes(documents, service, folder);
    // This comes before the first page connects. The page would otherwise ask for an index that is already being written.
    if (written) indexes.adopt(written.model.id, written);
    else for (const { id } of service.embeddingModels.slice(0, 1)) indexes.start(id);
    const { info, embeddingModels, rerankModels } = service;
    const settings = { service: info, embeddingModels, rerankModels };
    const api = createApi({ page, settings, indexes, service });
    return { indexes, listener: getRequestListener(api.fetch, { overrideGlobalObjects: false }) };
  });
  server.on("request", async (request, response) => (await answering).listener(request, response));
  const [[, service], { indexes }] = await Promise.all([opening, answering]).catch(async (error) => {
    server.close();
    await rm(folder, { recursive: true });
    throw error;
  });
  const end = async () => {
    // Closing the connections ends what pages wait for: event streams and searches.
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await indexes.close();
    await service.close();
    await rm(folder, { recursive: true });
  };
  let ended: Promise<void> | undefined;
  return { url, close: () => (ended ??= end()) };
}

/** @throws BadInput in one line if the port is not free */
async function listen(port: number): Promise<{ server: Server; url: string }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => {
      const why = code === "EADDRINUSE" ? "it is taken by another program: name another one" : message;
      reject(new BadInput(`--port ${port}: ${why}`));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
