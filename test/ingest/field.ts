/** One run's servers, folder and records, and the commands on them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { CountingApi, dimensions } from "./api.ts";
import { complete, type Ended, type Running, start } from "./command.ts";
import { end, makePostgres, makeRedis, type Service } from "./services.ts";

export const model = "test-model";

export class Field {
  readonly api = new CountingApi();
  readonly folder: string;
  readonly redis: Service;
  readonly postgres: Service;
  readonly #running = new Set<Running>();
  #keys = 0;

  constructor(folder: string, redis: Service, postgres: Service) {
    this.folder = folder;
    this.redis = redis;
    this.postgres = postgres;
  }

  static async open(): Promise<Field> {
    const folder = await mkdtemp(join(tmpdir(), "ingest-field-"));
    const field = new Field(folder, await makeRedis(folder), await makePostgres(folder));
    await Promise.all([field.api.start(), field.redis.start(), field.postgres.start()]);
    return field;
  }

  /** Writes a file with this many records of one text each. */
  async writeRecords(name: string, texts: string[]): Promise<string> {
    const file = join(this.folder, name);
    const profile = join(this.folder, "profile.json");
    await writeFile(profile, JSON.stringify({ dimensions }));
    await writeFile(file, texts.map((text, id) => JSON.stringify({ id, text })).join("\n"));
    return file;
  }

  /** The flags of every command on an index of this run. */
  flags(schema: string): string[] {
    return ["--to", this.postgres.address, "--schema", schema];
  }

  async produce(file: string, schema: string, batchSize: number): Promise<void> {
    const profile = join(this.folder, "profile.json");
    const source = ["--model", model, "--profile", profile, "--batch-size", String(batchSize)];
    await complete(
      ["add", file, ...source, "--redis", this.redis.address, ...this.flags(schema)],
      this.environment("producer"),
    );
  }

  /** Adds in one process, without a queue. */
  async reference(file: string, schema: string): Promise<void> {
    const profile = join(this.folder, "profile.json");
    await complete(
      ["add", file, "--model", model, "--profile", profile, ...this.flags(schema)],
      this.environment("reference"),
    );
  }

  /** Runs a command that may fail, with the API's address and, by default, a key. */
  attempt(args: string[], environment: Record<string, string> = {}): Promise<Ended> {
    return start(args, { ...this.environment("attempt"), ...environment }).ended;
  }

  /** Starts a command that runs beside others. */
  begin(args: string[]): Running {
    return this.#keep(start(args, this.environment("beside")));
  }

  command(args: string[]): Promise<string> {
    return complete(args, this.environment("command"));
  }

  /** @returns the process, and the key by which the API knows it */
  startWorker(schema: string, flags: string[]): { key: string; running: Running } {
    const key = `worker-${this.#keys++}`;
    const args = ["worker", "--redis", this.redis.address, ...this.flags(schema), ...flags];
    return { key, running: this.#keep(start(args, this.environment(key))) };
  }

  /** The process is ended with the field, if it has not ended by then. */
  #keep(running: Running): Running {
    this.#running.add(running);
    return running;
  }

  /** The rows of a query, over a connection of its own. */
  async query<Row extends object>(sql: string): Promise<Row[]> {
    const client = new pg.Client(this.postgres.address);
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map(({ child }) => end(child, "SIGKILL")));
    await Promise.all([this.redis.stop(), this.postgres.stop(), this.api.close()]);
    await this.postgres.remove?.();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The environment of a command with this key. */
  environment(key: string): Record<string, string> {
    return { TOGETHER_API_KEY: key, TOGETHER_BASE_URL: this.api.baseURL };
  }
}
