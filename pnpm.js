/** `node pnpm.js …`: pnpm, in the version that package.json names, fetched by npx. A bare clone is installed first. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";

const { packageManager } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/** @returns the exit code */
async function pnpm(...args) {
  // Without --prefer-offline a machine with no network waits for a minute before it uses what it has.
  const child = spawn("npx", ["-y", "--prefer-offline", packageManager, ...args], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  // Ctrl-C reaches the whole group by itself; this process waits for what the others make of it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [code] = await once(child, "close");
  return code ?? 1;
}

const args = process.argv.slice(2);
const isInstalled = existsSync(new URL("node_modules/.modules.yaml", import.meta.url));
const code = isInstalled || args[0] === "install" ? 0 : await pnpm("install", "--frozen-lockfile");
process.exitCode = code === 0 ? await pnpm(...args) : code;
