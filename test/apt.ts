/** the name of one of Debian's packages -> installed, by root or by a `sudo` that asks nothing; whether that went well */
import { spawnSync } from "node:child_process";

export function aptInstall(name: string): boolean {
  const become = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
  const aptGet = (...args: string[]) => {
    const [command = "", ...rest] = [...become, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
    // What it says goes where it disturbs no report.
    return (
      spawnSync(command, rest, { cwd: "/", stdio: ["ignore", process.stderr, process.stderr] }).status === 0
    );
  };
  return aptGet("update") && aptGet("install", "-y", "--no-install-recommends", name);
}
