/** The clients that are compared with -> installed apart from the workspace, in the versions of their package.json. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("peers/", import.meta.url));
const manifest = `${folder}package.json`;
const stamp = `${folder}node_modules/.installed-package.json`;

export function installPeers(): void {
  const wanted = readFileSync(manifest, "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.error("Installing the clients to compare with, once…");
  // They ask for peers that contradict each other, and a lockfile of npm's would name a registry.
  rmSync(`${folder}node_modules`, { recursive: true, force: true });
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const flags = ["--legacy-peer-deps", "--no-package-lock", "--ignore-scripts", ...quiet];
  execFileSync("npm", ["install", ...flags], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  writeFileSync(stamp, wanted);
}
