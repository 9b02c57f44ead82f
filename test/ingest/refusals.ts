/** what users get wrong, and disks -> one clear line, the right exit code, and an index that is as it was */
import { execFileSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCodes } from "@together-retrieval/ingest";
import type { Ended } from "./command.ts";
import { expectEqual, expectThat } from "./expect.ts";
import { type Field, model } from "./field.ts";
import { startPlainPostgres } from "./plain-postgres.ts";

interface Refusal {
  what: string;
  args: string[];
  environment?: Record<string, string>;
  code: number;
  says: RegExp;
}

export async function refusals(field: Field): Promise<string> {
  const file = await field.writeRecords("records.jsonl", ["A text", "Another text"]);
  const plain = await startPlainPostgres(field.folder);
  try {
    const all = await list(field, file, plain.port);
    await Promise.all(all.map((refusal) => expectRefusal(field, refusal)));
    const disk = await fullDisk(field);
    return `${all.length} refusals, one line each; ${disk}`;
  } finally {
    await plain.stop();
  }
}

async function list(field: Field, file: string, port: number): Promise<Refusal[]> {
  const { folder } = field;
  const empty = join(folder, "empty");
  await mkdir(empty);
  const broken = join(folder, "broken.jsonl");
  await writeFile(broken, '{"text": "fine"}\n{"text": ');
  const to = (name: string) => ["--to", join(folder, name), "--model", model];
  const server = (password: string) => `postgres://ingest:${password}@127.0.0.1:${port}/postgres`;
  const others = join(folder, "others");
  await mkdir(others);
  await writeFile(join(others, "something.txt"), "Somebody's");
  const made = ["--profile", join(folder, "profile.json")];
  return [
    {
      what: "a wrong password",
      args: ["add", file, "--to", server("wrong"), "--model", model, ...made],
      code: exitCodes.index,
      says: /refused the user or the password: password authentication failed for user "ingest"/,
    },
    {
      what: "a Postgres without pgvector",
      args: ["add", file, "--to", server("right"), "--model", model, ...made],
      code: exitCodes.index,
      says: /This Postgres has no pgvector: install/,
    },
    {
      what: "a database that is not there",
      args: ["search", "x", "--to", `${server("right")}x`],
      code: exitCodes.index,
      says: /database "postgresx" does not exist: create it/,
    },
    {
      what: "no Postgres",
      args: ["status", "--to", "postgres://a:b@127.0.0.1:1/c"],
      code: exitCodes.index,
      says: /No Postgres answers there: .*127\.0\.0\.1:1/,
    },
    {
      what: "no key",
      args: ["add", file, ...to("no-key")],
      environment: { TOGETHER_API_KEY: "" },
      code: exitCodes.api,
      says: /No API key: set TOGETHER_API_KEY/,
    },
    {
      what: "an empty folder",
      args: ["add", empty, ...to("x")],
      code: exitCodes.source,
      says: /nothing to read in .*empty: expected files ending in \.md/,
    },
    {
      what: "no such file",
      args: ["add", join(folder, "none"), ...to("x")],
      code: exitCodes.source,
      says: /Cannot read .*none: there is no such file or folder/,
    },
    {
      what: "broken JSON",
      args: ["add", broken, ...to("broken"), ...made],
      code: exitCodes.source,
      says: /broken\.jsonl:2 is no JSON object \(left out\)/,
    },
    {
      what: "an unknown flag",
      args: ["add", file, ...to("x"), "--colour"],
      code: exitCodes.usage,
      says: /unknown option '--colour'/,
    },
    {
      what: "no model",
      args: ["add", file, "--to", join(folder, "no-model")],
      code: exitCodes.usage,
      says: /A new index needs a model: name one with --model/,
    },
    {
      what: "no index",
      args: ["search", "x", "--to", join(folder, "nowhere")],
      code: exitCodes.index,
      says: /There is no index in .*nowhere: make one with add/,
    },
    {
      what: "a folder of other things",
      args: ["add", file, "--to", others, "--model", model],
      code: exitCodes.index,
      says: /holds other files: name an empty folder/,
    },
    {
      what: "workers on a folder",
      args: ["worker", "--redis", "redis://127.0.0.1:1", "--to", folder],
      code: exitCodes.usage,
      says: /--to must be postgres/,
    },
    {
      what: "no Redis",
      args: [
        "add",
        file,
        ...field.flags("no_redis"),
        "--model",
        model,
        ...made,
        "--redis",
        "redis://:secret@127.0.0.1:1",
      ],
      code: exitCodes.queue,
      says: /No Redis answers at redis:\/\/:…@127\.0\.0\.1:1/,
    },
  ];
}

async function expectRefusal(field: Field, { what, args, environment, code, says }: Refusal): Promise<void> {
  const ended = await field.attempt(args, environment);
  expectOneLine(what, ended, says);
  expectEqual(`the exit code for ${what} (${ended.stderr.trim()})`, ended.code, code);
}

function expectOneLine(what: string, { stderr }: Ended, says: RegExp): void {
  expectThat(
    `one line for ${what}, got ${stderr}`,
    says.test(stderr) && stderr.trim().split("\n").length === 1,
  );
}

/** Makes a file system of 200 MiB. Only root can do that. */
async function fullDisk(field: Field): Promise<string> {
  const disk = join(field.folder, "disk");
  await mkdir(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=200m", "tmpfs", disk], { stdio: "ignore" });
  } catch {
    return "a full disk was not tried: it takes root to mount one";
  }
  try {
    await chmod(disk, 0o777);
    const texts = Array.from({ length: 20_000 }, (_, at) => `Record ${at} ${"of a long text ".repeat(120)}`);
    const file = await field.writeRecords("large.jsonl", texts);
    const to = [
      "--to",
      join(disk, "index"),
      "--model",
      model,
      "--profile",
      join(field.folder, "profile.json"),
    ];
    const ended = await field.attempt(["add", file, ...to]);
    expectOneLine("a full disk", ended, /error: The disk is full: .* run the same command again/);
    expectEqual("the exit code for a full disk", ended.code, exitCodes.index);
    const written = field.api.totals.texts;
    execFileSync("mount", ["-o", "remount,size=1000m", disk]);
    const verified = await field.attempt(["verify", "--to", join(disk, "index")]);
    const { chunks, faults } = JSON.parse(verified.stdout) as { chunks: number; faults: string[] };
    expectThat(
      `what was written before to be kept, got ${chunks} of ${written}`,
      chunks > 1_000 && chunks <= written,
    );
    expectThat(
      `no fault but what is still to do, got ${faults.join()}`,
      faults.every((fault) => /run add again/.test(fault)),
    );
    return `a full disk stopped a run at ${chunks} chunks, which were kept`;
  } finally {
    execFileSync("umount", ["-l", disk]);
  }
}
