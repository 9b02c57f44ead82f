/** a folder -> held by this process alone: two engines in one folder would ruin it */
import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { IngestError } from "../ingest-error.ts";

/** @returns what frees the folder again. A lock whose process is gone does not count. @throws IngestError while another holds it */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, "lock");
  for (;;) {
    try {
      await writeFile(file, `${process.pid} ${hostname()}`, { flag: "wx" });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [pid, host] = (await readFile(file, "utf8").catch(() => "")).split(" ");
    if (host !== hostname() || isRunning(Number(pid))) {
      const who = host === hostname() ? `process ${pid}` : `${host || "another machine"}`;
      throw new IngestError(
        "index",
        `${folder} is in use by ${who}. If that is not so, remove ${file}; for several processes use --to postgres://…`,
      );
    }
    await rm(file, { force: true });
  }
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
