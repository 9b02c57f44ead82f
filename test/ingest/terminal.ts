/** `add` on a terminal -> a bar with share, rate, tokens, cost and time left, and a summary at the end */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { exitCodes } from "@together-retrieval/ingest";
import { bin } from "./command.ts";
import { expectEqual, expectThat } from "./expect.ts";
import { type Field, model } from "./field.ts";

const texts = Array.from({ length: 500 }, (_, at) => `Record ${at} on a terminal`);

export async function terminal(field: Field): Promise<string> {
  const file = await field.writeRecords("terminal.jsonl", texts);
  await appendFile(file, '\n{"id": "bad"}');
  const args = ["add", file, "--to", join(field.folder, "terminal"), "--model", model, "--price", "1000"];
  const { code, screen } = await onTerminal(field, [
    ...args,
    "--profile",
    join(field.folder, "profile.json"),
  ]);
  expectEqual(`the exit code (${screen})`, code, exitCodes.source);
  const bar = /\d+ % · \d+ chunks · \d+\/s · \d+ tokens, \d+\.\d+ · [\d smh]+ left/;
  expectThat(`a bar like ${bar}, got ${screen}`, bar.test(screen));
  // The bar is cleared first. Otherwise the rest of it would be behind the warning.
  const warning = "\r\u001b[Kwarning: terminal.jsonl:501 has no text";
  expectThat(`a warning on a line of its own, got ${JSON.stringify(screen)}`, screen.includes(warning));
  const end = `${texts.length} chunks embedded, ${texts.length} tokens, 0.5`;
  expectThat(`"${end}…" at the end, got ${screen}`, screen.includes(end));
  return "a bar with share, rate, tokens, cost and time left; a warning on a line of its own";
}

/** `script` gives the command a terminal, in which it is used without `--json`. */
async function onTerminal(field: Field, args: string[]): Promise<{ code: number; screen: string }> {
  const quoted = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn(
    "script",
    ["--quiet", "--return", "--command", `stty cols 120; ${quoted}`, "/dev/null"],
    {
      env: { ...process.env, ...field.environment("terminal"), TERM: "xterm" },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [screen, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  return { code, screen };
}
