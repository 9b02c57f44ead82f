/** nothing -> Debian's PostgreSQL without pgvector, a process with a password, on a free port */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptInstall } from "../apt.ts";
import { end, freePort } from "./services.ts";

const versions = "/usr/lib/postgresql";

/** PostgreSQL refuses to run as root, so root starts it as `nobody`. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const as = isRoot ? { uid: nobody, gid: nobody } : {};

export interface PlainPostgres {
  port: number;
  stop(): Promise<void>;
}

export async function startPlainPostgres(folder: string): Promise<PlainPostgres> {
  const bin = binaries();
  const home = join(folder, "plain");
  mkdirSync(home, { mode: 0o755 });
  writeFileSync(join(home, "password"), "right");
  if (isRoot) for (const path of [folder, home]) chownSync(path, nobody, nobody);
  const data = join(home, "data");
  const flags = ["-D", data, "-U", "ingest", "--auth=scram-sha-256", "--pwfile", join(home, "password")];
  execFileSync(join(bin, "initdb"), flags, { ...as, cwd: home, stdio: "ignore" });
  const port = await freePort();
  const child = spawn(
    join(bin, "postgres"),
    ["-D", data, "-p", String(port), "-k", home, "-h", "127.0.0.1"],
    {
      ...{ ...as, cwd: home },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  await ready(child);
  return { port, stop: () => end(child, "SIGINT") };
}

function binaries(): string {
  if (!existsSync(versions) && !aptInstall("postgresql"))
    throw new Error("No PostgreSQL here: install it, by apt-get for example");
  const newest = readdirSync(versions).toSorted((a, b) => Number(b) - Number(a))[0];
  if (!newest) throw new Error(`Expected a version of PostgreSQL in ${versions}`);
  return join(versions, newest, "bin");
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (part: Buffer) => {
      said += part.toString();
      if (said.includes("ready to accept connections")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`postgres ended with ${code}\n${said}`)));
  });
}
