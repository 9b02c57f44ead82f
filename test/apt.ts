/** the name of a Debian package -> whether it could be installed, as root or through a `sudo` without a password */
import { spawnSync } from "node:child_process";

export function aptInstall(name: string): boolean {
  const become = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
  const aptGet = (...args: string[]) => {
    const [command = "", ...rest] = [...become, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
    // Its output goes to stderr, where it does not disturb a report.
    return (
      spawnSync(command, rest, { cwd: "/", stdio: ["ignore", process.stderr, process.stderr] }).status === 0
    );
  };
  return aptGet("update") && aptGet("install", "-y", "--no-install-recommends", name);
}
