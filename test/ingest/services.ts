/** nothing -> a Redis and a Postgres, real processes on free ports of this machine, that can be stopped and started again */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { aptInstall } from "../apt.ts";

export interface Service {
  readonly address: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Removes what is left after it has stopped. */
  remove?(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

/** @throws if the program is missing and Debian's package cannot be installed */
function ensureRedis(): void {
  if (existsSync("/usr/bin/redis-server") || existsSync("/usr/local/bin/redis-server")) return;
  if (!aptInstall("redis-server"))
    throw new Error("No redis-server here: install it, by apt-get for example");
}

/** With an append-only file, so that a restart keeps the queue. */
export async function makeRedis(folder: string): Promise<Service> {
  ensureRedis();
  const dir = join(folder, "redis");
  await mkdir(dir, { recursive: true });
  const port = await freePort();
  const flags = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--dir",
    dir,
    "--appendonly",
    "yes",
    "--save",
    "",
  ];
  let child: ChildProcess | undefined;
  return {
    address: `redis://127.0.0.1:${port}`,
    async start() {
      const started = spawn("redis-server", flags, { stdio: ["ignore", "pipe", "inherit"] });
      child = started;
      await new Promise<void>((ready, failed) => {
        let said = "";
        started.stdout.on("data", (part: Buffer) => {
          said += part.toString();
          if (said.includes("Ready to accept connections")) ready();
        });
        started.once("exit", (code) => failed(new Error(`redis-server ended with ${code}\n${said}`)));
      });
    },
    stop: () => end(child, "SIGTERM"),
  };
}

const program = fileURLToPath(new URL("postgres-process.ts", import.meta.url));

/** The server that TEST_DATABASE_URL names; else PGlite behind a socket, as pgvector's own package is not on every machine. */
export async function makePostgres(folder: string): Promise<Service> {
  const given = process.env.TEST_DATABASE_URL;
  return given ? databaseOn(given) : engineIn(folder);
}

/** A new database on the user's server, which is dropped at the end. A restart is simulated by ending all its connections. */
async function databaseOn(server: string): Promise<Service> {
  const name = `together_ingest_test_${randomBytes(6).toString("hex")}`;
  const address = new URL(server);
  address.pathname = name;
  const ask = async (sql: string) => {
    const client = new pg.Client(server);
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await ask(`CREATE DATABASE ${name}`);
  return {
    address: address.href,
    start: async () => {},
    stop: () => ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`),
    remove: () => ask(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function engineIn(folder: string): Promise<Service> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  return {
    address: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async start() {
      child = fork(program, [join(folder, "server"), String(port)], { execArgv: ["--import", "tsx"] });
      await once(child, "message");
    },
    stop: () => end(child, "SIGTERM"),
  };
}

export async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}
