/** Before the scenarios: the command that they start is built by turbo, which does nothing where nothing has changed. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const turbo = ["pnpm.js", "exec", "turbo", "run", "build", "--filter=@together-retrieval/ingest"];

export default function build(): void {
  // turbo needs pnpm on its path, which pnpm's own children have.
  execFileSync(process.execPath, [...turbo, "--output-logs=errors-only"], {
    ...{ cwd: root, stdio: ["ignore", "ignore", "inherit"] },
  });
}
