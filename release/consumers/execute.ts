/** a command -> what it printed; one that fails is an error that shows it */
import { execFile } from "node:child_process";

export interface ExecuteOptions {
  cwd: string;
  env?: Record<string, string>;
}

/** Installs, builds and compilers take minutes on a busy machine: a quarter of an hour is for what hangs. */
const timeout = 900_000;

/** What a package manager or a test runner sets for its own children, and a key that is nobody's business here. */
const inherited = /^(node_path|node_options|vitest|npm_|pnpm_|init_cwd|together_)/i;

/** The environment of a user who types the command. */
export function plainEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    ([name]) => !inherited.test(name) || name.toLowerCase() === "npm_config_registry",
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

export function execute(
  command: string,
  args: string[],
  { cwd, env }: ExecuteOptions,
): Promise<{ stdout: string; stderr: string }> {
  const options = { cwd, env: { ...plainEnvironment(), ...env }, timeout, maxBuffer: 2 ** 26 };
  return new Promise((resolve, reject) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (!error) return resolve({ stdout, stderr });
      const why = error.killed ? `did not end within ${timeout} ms` : `ended with ${error.code}`;
      reject(new Error(`${command} ${args.join(" ")} ${why}\n${stdout}\n${stderr}`.trim()));
    });
  });
}
