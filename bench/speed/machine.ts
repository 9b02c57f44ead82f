/** The machine and the versions that a result belongs to. */
import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { pinning } from "./cores.ts";

export async function describeMachine(): Promise<string[]> {
  const peers = JSON.parse(await readFile(new URL("peers/package.json", import.meta.url), "utf8"));
  const versions = Object.entries(peers.dependencies).map(([name, version]) => `${name} ${version}`);
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return [
    `${cpus()[0]?.model.trim() ?? "processor unknown"}, ${availableParallelism()} cores, ${memory}, ${type()} ${release()}; ${pinning}`,
    `Node ${process.versions.node}, V8 ${process.versions.v8}`,
    versions.join(", "),
  ];
}
