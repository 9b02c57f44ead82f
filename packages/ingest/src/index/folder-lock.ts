/** A folder -> a lock on it for this process, because two engines in one folder would destroy the data. */
import { createHash } from "node:crypto";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { IngestError } from "../ingest-error.ts";
import { pause } from "../pause.ts";

/** @returns a function that unlocks the folder. A lock of a process that is gone does not count. @throws IngestError while another process holds the lock */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, "lock");
  for (;;) {
    if (await makeFile(file)) return () => rm(file, { force: true });
    const found = await look(file);
    if (found === undefined) continue;
    if (isHeld(found.holder)) throw inUse(folder, file, found.holder);
    await removeStale(folder, file, found.identity);
  }
}

/** @returns whether it was not there; it names this process */
async function makeFile(file: string): Promise<boolean> {
  try {
    await writeFile(file, `${process.pid} ${hostname()}`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

interface Found {
  holder: string;
  /** Of this file: another one in its place has another, also with the same words. */
  identity: string;
}

async function look(file: string): Promise<Found | undefined> {
  try {
    const { ino, mtimeNs } = await stat(file, { bigint: true });
    const holder = await readFile(file, "utf8");
    return { holder, identity: createHash("sha256").update(`${ino} ${mtimeNs} ${holder}`).digest("hex") };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}

/**
 * Of several processes that find the same stale lock, the one that makes the file of this name removes it: without that,
 * the second would remove the lock that the first one has made since.
 */
async function removeStale(folder: string, file: string, identity: string): Promise<void> {
  const claim = `${file}-${identity.slice(0, 16)}`;
  if (!(await makeFile(claim))) {
    const other = await look(claim);
    if (other && !isHeld(other.holder)) throw inUse(folder, `${file} and ${claim}`, other.holder);
    await pause(10);
    return;
  }
  try {
    if ((await look(file))?.identity === identity) await rm(file, { force: true });
  } finally {
    await rm(claim, { force: true });
  }
}

function inUse(folder: string, file: string, holder: string): IngestError {
  const [pid, host] = holder.split(" ");
  const who = host === hostname() ? `process ${pid}` : `${host || "another machine"}`;
  return new IngestError(
    "index",
    `${folder} is in use by ${who}. If that is not so, remove ${file}; for several processes use --to postgres://…`,
  );
}

/** Whether the lock belongs to a running process of this machine, or to another machine, whose processes cannot be seen. */
function isHeld(holder: string): boolean {
  const [pid, host] = holder.split(" ");
  return host !== hostname() || isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  if (!(pid > 0) || pid === process.pid) return pid === process.pid;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
