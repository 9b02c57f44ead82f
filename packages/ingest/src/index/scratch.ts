/** nothing -> what tests of whole indexes start from: a server that keeps what it was asked, its client, and a folder that goes at the end */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { TogetherClient } from "@together-retrieval/core";
import { type AwkwardServer, startServer } from "@together-retrieval/test-server/server";
import { afterAll, beforeAll } from "vitest";

/** Opening a database takes a second, and on a busy machine many: there is no other wait in these tests. */
export const timeout = 600_000;

/** Of the server's vectors. */
export const profile = { dimensions: 8 };

export class Scratch {
  server!: AwkwardServer;
  client!: TogetherClient;
  #folder = "";

  /** A client that gives up at the first failure. */
  makeClient(options: { maxConcurrency?: number } = {}): TogetherClient {
    return new TogetherClient({ apiKey: "any", baseURL: this.server.baseURL, maxRetries: 0, ...options });
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  async write(name: string, files: Record<string, string | Buffer>): Promise<string> {
    for (const [file, content] of Object.entries(files)) {
      const path = join(this.path(name), file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
    return this.path(name);
  }

  /** The texts asked for since the last time. */
  asked(): string[] {
    return this.server.requests.splice(0).flatMap(({ inputs }) => inputs);
  }

  async open(): Promise<void> {
    this.server = await startServer();
    this.client = this.makeClient();
    this.#folder = await mkdtemp(join(tmpdir(), "ingest-"));
  }

  async close(): Promise<void> {
    await this.server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Opened before the tests of a file, and closed after them. */
export function useScratch(): Scratch {
  const scratch = new Scratch();
  beforeAll(() => scratch.open());
  afterAll(() => scratch.close());
  return scratch;
}
