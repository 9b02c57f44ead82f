/** Before the scenarios: turbo builds the command that they start. It does nothing if nothing has changed. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const turbo = ["pnpm.js", "exec", "turbo", "run", "build", "--filter=@together-retrieval/ingest"];

export default function build(): void {
  // turbo needs pnpm on its path, as processes that pnpm starts have it.
  execFileSync(process.execPath, [...turbo, "--output-logs=errors-only"], {
    ...{ cwd: root, stdio: ["ignore", "ignore", "inherit"] },
  });
}
