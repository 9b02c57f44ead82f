/** The lock of an index's folder, taken by many at once after a crash. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFolder } from "./folder-lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingest-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

test("of many who find the lock of a process that crashed, one takes it, round after round", async () => {
  for (let round = 0; round < 20; round++) {
    await writeFile(join(folder, "lock"), `${deadPid()} ${hostname()}`);
    // One after the other, so that some read the stale lock while others have replaced it.
    const tries = await Promise.allSettled(
      Array.from({ length: 16 }, async (_, at) => {
        for (let turn = 0; turn < at; turn++) await setImmediate();
        return lockFolder(folder);
      }),
    );
    const taken = tries.flatMap((tried) => (tried.status === "fulfilled" ? [tried.value] : []));
    expect(taken).toHaveLength(1);
    expect(await readFile(join(folder, "lock"), "utf8")).toBe(`${process.pid} ${hostname()}`);
    await taken[0]?.();
    expect(await readdir(folder)).toEqual([]);
  }
});

test.each([
  ["another machine", "1 elsewhere", "elsewhere"],
  ["a process that has not yet written its name", "", "another machine"],
  ["a process that runs", `${process.ppid} ${hostname()}`, `process ${process.ppid}`],
])("a folder that %s holds is refused, with the file to remove if that is not so", async (_, words, who) => {
  await writeFile(join(folder, "lock"), words);
  await expect(lockFolder(folder)).rejects.toThrow(
    `in use by ${who}. If that is not so, remove ${folder}/lock`,
  );
});
