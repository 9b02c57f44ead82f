/** options -> a server that listens; the first index is built while the page is already there */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { BadInput } from "../../examples/demo/bad-input.ts";
import { openDatabase } from "../../examples/demo/database.ts";
import type { TextFile } from "../../examples/demo/text-file.ts";
import { createApi } from "./api.ts";
import type { PlaygroundOptions } from "./arguments.ts";
import { readDocumentation } from "./documentation.ts";
import { Indexes } from "./indexes.ts";
import { buildPage } from "./page-files.ts";
import { openService } from "./service.ts";
import { openWrittenIndex, type WrittenIndex } from "./written-index.ts";

export interface OpenPlayground {
  url: string;
  /** Ends what is under way, and frees the port, the models and the database. */
  close(): Promise<void>;
}

/** @throws BadInput for files without text, an index that cannot be used, and a port that cannot be had */
export async function openPlayground(files: TextFile[], options: PlaygroundOptions): Promise<OpenPlayground> {
  const { index, schema } = options;
  const written = index === undefined ? undefined : await openWrittenIndex(index, schema);
  try {
    return await serve(files, written, options);
  } catch (error) {
    await written?.close();
    throw error;
  }
}

async function serve(
  files: TextFile[],
  written: WrittenIndex | undefined,
  { docs, port, live }: PlaygroundOptions,
): Promise<OpenPlayground> {
  const { passages, counts, examples } = written
    ? { passages: [], counts: written.counts, examples: [] }
    : await readDocumentation(files, docs !== undefined);
  const { server, url } = await listen(port);
  const opening = Promise.all([
    buildPage(),
    openService(live, written?.index.model),
    written?.index.database ?? openDatabase(),
  ]);
  // Asked while it opens, it answers afterwards: a page that was open before waits for that.
  const answering = opening.then(([page, service, database]) => {
    const indexes = new Indexes(passages, service, database);
    // Before the first page hears of it: that one would ask for an index that is on its way already.
    if (written) indexes.adopt(written.index, counts.passages);
    else for (const { id } of service.embeddingModels.slice(0, 1)) indexes.start(id);
    const { info, embeddingModels, rerankModels } = service;
    const settings = { service: info, embeddingModels, rerankModels, documentation: counts, examples };
    const api = createApi({ page, settings, indexes, service });
    return { indexes, listener: getRequestListener(api.fetch, { overrideGlobalObjects: false }) };
  });
  server.on("request", async (request, response) => (await answering).listener(request, response));
  const [[, service, database], { indexes }] = await Promise.all([opening, answering]).catch((error) => {
    server.close();
    throw error;
  });
  const end = async () => {
    // With its connection ends what a page was waiting for: an event stream, or a search.
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await indexes.close();
    await service.close();
    await database.close();
  };
  let ended: Promise<void> | undefined;
  return { url, close: () => (ended ??= end()) };
}

/** @throws BadInput in one line when the port cannot be had */
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
